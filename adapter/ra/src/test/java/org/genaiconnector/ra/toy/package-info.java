/**
 * A third backend, as small as a backend can be: a service that returns a text in capital letters. Its package is all that it
 * takes to have pooled, authenticated, validated and measured connections to it; no other package knows it.
 */
package org.genaiconnector.ra.toy;
