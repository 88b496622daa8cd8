/** What elements compile to: smaller than a runtime for JSX. */
export { Fragment, h } from 'preact';
