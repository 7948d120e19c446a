/**
 * Tests of the documentation: its links resolve, its Java blocks compile, its tables of properties are those of the descriptor,
 * and the messages that it quotes are those of the code.
 */
package org.genaiconnector.tests.docs;
