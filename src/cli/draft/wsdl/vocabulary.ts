/** Namespaces that WSDL 1.1 documents and their schemas are made of. */
export const WSDL = 'http://schemas.xmlsoap.org/wsdl/';
export const WSDL_SOAP11 = 'http://schemas.xmlsoap.org/wsdl/soap/';
export const WSDL_SOAP12 = 'http://schemas.xmlsoap.org/wsdl/soap12/';
export const WSDL_2 = 'http://www.w3.org/ns/wsdl';
export const XSD = 'http://www.w3.org/2001/XMLSchema';
export const SOAP_ENCODING = 'http://schemas.xmlsoap.org/soap/encoding/';
export const XML = 'http://www.w3.org/XML/1998/namespace';
