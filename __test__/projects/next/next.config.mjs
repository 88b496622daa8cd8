export default { serverExternalPackages: ['runstore'] };
