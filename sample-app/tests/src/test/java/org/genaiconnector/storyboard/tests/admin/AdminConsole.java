package org.genaiconnector.storyboard.tests.admin;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.genaiconnector.storyboard.server.PayaraDomain;
import org.genaiconnector.storyboard.tests.Browser;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * Payara's administration console in a browser, used by its links and buttons. Scripts replace its pages below one
 * address, and a page that is opened by its own address breaks at the first button.
 */
final class AdminConsole {

    /** The console is compiled at its first use. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final String CONTENT = "propertyForm:propertyContentPage:";

    private final Browser browser;
    private final URI address;

    private final String password;

    AdminConsole(Browser browser, URI address, String password) {
        this.browser = browser;
        this.address = address;
        this.password = password;
    }

    /** Signs on if necessary, and waits until Payara has loaded the console, which the first request starts. */
    void open() {
        browser.driver().get(address.toString());
        By loaded = By.id("treeForm:tree:applicationServerMonitoring:applicationServerMonitoring_link");
        By login = By.id("loginButton");
        if (await(page -> page.findElements(login).isEmpty() ? page.findElement(loaded) : page.findElement(login))
                .getAttribute("id")
                .equals("loginButton")) {
            type("Login.username", PayaraDomain.ADMIN);
            type("Login.password", password);
            element("loginButton").click();
        }
        await(page -> page.findElement(loaded));
    }

    /** Shows the list of connector connection pools. */
    void openPools() {
        browser.driver()
                .get(address.resolve("/jca/connectorConnectionPools.jsf").toString());
        await(page -> page.findElement(By.id("propertyForm:poolTable:topActionsGroup1:newButton")));
    }

    void openPool(String name) {
        openPools();
        WebElement link = browser.findAll("a[id^='propertyForm:poolTable']").stream()
                .filter(each -> each.getText().equals(name))
                .findFirst()
                .orElseThrow();
        follow(link, CONTENT + "ping");
    }

    void openProperties() {
        follow(
                element("propertyForm:connectorPoolSet:propertyTab"),
                "propertyForm:basicTable:topActionsGroup1:addButton");
    }

    void openGeneral() {
        follow(element("propertyForm:connectorPoolSet:general"), CONTENT + "ping");
    }

    /** Goes through the first page of the wizard and shows the second. */
    void beginWizard(String pool, String adapter, String factory) {
        openPools();
        String sheet = "propertyForm:propertySheet:generalPropertySheet:";
        follow(
                element("propertyForm:poolTable:topActionsGroup1:newButton"),
                "propertyForm:title:topButtons:nextButton");
        new Select(element(sheet + "resAdapterProp:db")).selectByValue(adapter);
        await(page -> page.findElement(
                By.cssSelector("[id='" + sheet + "connectionDefProp:db'] option[value='" + factory + "']")));
        new Select(element(sheet + "connectionDefProp:db")).selectByValue(factory);
        type(sheet + "jndiProp:name", pool);
    }

    void continueWizard() {
        follow(
                element("propertyForm:title:topButtons:nextButton"),
                "propertyForm:propertyContentPage:topButtons:finishButton");
    }

    void finishWizard() {
        follow(element(CONTENT + "topButtons:finishButton"), "propertyForm:poolTable:topActionsGroup1:newButton");
    }

    /** The names in the table of additional properties. */
    List<String> propertyNames() {
        return nameFields().stream().map(field -> field.getAttribute("value")).toList();
    }

    /** Whether the table hides what is typed for a property. */
    boolean isSecret(String property) {
        return element(row(property) + "col3:confV").isDisplayed();
    }

    void property(String name, String value) {
        String row = row(name);
        if (isSecret(name)) {
            type(row + "col3:confV", value);
            type(row + "col5:confV2", value);
        } else {
            type(row + "col3:col1St", value);
        }
    }

    void maximum(int connections) {
        type("propertyForm:propertySheet:poolSettingsPropertySheet:maxProp:ds2", Integer.toString(connections));
    }

    String save() {
        return message("topButtons:saveButton");
    }

    String ping() {
        return message("ping");
    }

    String flush() {
        return message("flush");
    }

    /** The monitoring page of a pool; shows the figures of this moment, and none of a pool that was not used yet. */
    String monitoring(String pool) {
        return await(page -> {
            openMonitoring(pool);
            String text = Objects.toString(browser.driver().executeScript("return document.body.innerText"))
                    .replaceAll("\\s+", " ");
            return text.contains("WaitQueueLength") ? text : null;
        });
    }

    private void openMonitoring(String pool) {
        browser.driver()
                .get(address.resolve("/common/monitor/serverInstMonitoringResourcesPage.jsf?instanceName=server")
                        .toString());
        By list = By.id(CONTENT + "propertySheet:viewPropertySection:VsProp:View_list");
        await(page -> page.findElement(list));
        Select pools = new Select(browser.driver().findElement(list));
        if (!pools.getFirstSelectedOption().getText().equals(pool)) {
            WebElement before = browser.driver().findElement(list);
            pools.selectByVisibleText(pool);
            await(ExpectedConditions.stalenessOf(before));
            await(page -> page.findElement(list));
        }
    }

    /** Scrolls a text into view for a screenshot, beside the tree. */
    void show(String text) {
        browser.driver().executeScript("""
                const found = [...document.querySelectorAll('td, th, input')]
                    .filter(each => (each.value || each.innerText || '').includes(arguments[0]));
                found[found.length - 1].scrollIntoView({block: 'center', inline: 'nearest'});""", text);
    }

    void delete(String pool) {
        openPools();
        WebElement row = browser.findAll("[id='propertyForm:poolTable'] tr").stream()
                .filter(each -> each.getText().contains(pool))
                .findFirst()
                .orElseThrow();
        row.findElement(By.cssSelector("input[type=checkbox]")).click();
        WebElement button = element("propertyForm:poolTable:topActionsGroup1:button1");
        await(page -> button.isEnabled());
        button.click();
        await(ExpectedConditions.alertIsPresent()).accept();
        await(ExpectedConditions.stalenessOf(button));
    }

    private WebElement element(String id) {
        return browser.driver().findElement(By.id(id));
    }

    private void type(String id, String text) {
        WebElement field = element(id);
        field.clear();
        field.sendKeys(text);
    }

    private List<WebElement> nameFields() {
        return browser.findAll("input[id$=':col2:col1St']");
    }

    private String row(String property) {
        String id = nameFields().stream()
                .filter(field -> property.equals(field.getAttribute("value")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no property " + property))
                .getAttribute("id");
        return id.substring(0, id.length() - "col2:col1St".length());
    }

    private void follow(WebElement link, String next) {
        link.click();
        await(ExpectedConditions.stalenessOf(link));
        await(page -> page.findElement(By.id(next)));
    }

    /** Presses a button of the page and returns the message that the page shows then. */
    private String message(String button) {
        WebElement pressed = element(CONTENT + button);
        pressed.click();
        await(ExpectedConditions.stalenessOf(pressed));
        return await(page -> {
            List<String> texts = page.findElements(By.cssSelector(".header_sun4, .details_sun4")).stream()
                    .map(WebElement::getText)
                    .filter(text -> !text.isBlank())
                    .toList();
            return texts.isEmpty() ? null : String.join(" ", texts);
        });
    }

    private <T> T await(Function<? super WebDriver, T> condition) {
        return new WebDriverWait(browser.driver(), PATIENCE)
                .ignoring(NoSuchElementException.class, StaleElementReferenceException.class)
                .until(condition);
    }
}
