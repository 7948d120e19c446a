/** An application whose servlet chats and submits a picture, and whose bean hears of the end and chats about it. */
package org.genaiconnector.tests.telemetry.app;
