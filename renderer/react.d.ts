import 'react';

// The attribute is in every engine that Outlay runs on, but not in React's types.
declare module 'react' {
  interface InputHTMLAttributes<T> {
    webkitdirectory?: '' | undefined;
  }
}
