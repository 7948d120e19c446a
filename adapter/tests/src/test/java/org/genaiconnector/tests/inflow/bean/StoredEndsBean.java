package org.genaiconnector.tests.inflow.bean;

import jakarta.annotation.Resource;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.MessageDrivenContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.genaiconnector.comfyui.ComfyUiJobListener;
import org.genaiconnector.comfyui.JobEvent;

/**
 * Has a durable subscription in the job store, and writes a row for each end into the same database. Then it reports the end, and
 * reacts as the test answers.
 */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "subscription", propertyValue = "rows"),
            @ActivationConfigProperty(propertyName = "jobStore", propertyValue = "jdbc/__default"),
            @ActivationConfigProperty(propertyName = "redeliveryDelayMillis", propertyValue = "50")
        })
public class StoredEndsBean implements ComfyUiJobListener {
    @Resource
    private MessageDrivenContext context;

    @Resource(lookup = "jdbc/__default")
    private DataSource database;

    @Override
    public void onCompleted(JobEvent event) {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO ends_taken VALUES (?, ?)")) {
            insert.setString(1, event.jobId());
            insert.setInt(2, event.delivery());
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        switch (Report.of("stored", "completed", event)) {
            case "throw" -> throw new IllegalStateException("The bean was asked to throw");
            case "rollback" -> context.setRollbackOnly();
            default -> {
                // success
            }
        }
    }
}
