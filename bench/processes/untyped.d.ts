/** Contenders whose packages bring no types of their own. */
declare module 'express';
declare module 'xml2js';
