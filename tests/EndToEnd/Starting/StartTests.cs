using StellarPay.Demo;
using StellarPay.EndToEnd.Tests.Deployments;

namespace StellarPay.EndToEnd.Tests.Starting;

/// <summary>What an operator gets wrong ends with a sentence that says what, not with an unhandled exception.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class StartTests(Deployment deployment)
{
    [Fact]
    public async Task A_taken_port_of_the_front_door_ends_the_start_with_a_sentence_that_names_it()
    {
        var output = await FailureAsync(
            ("STELLARPAY_HTTP_PORT", $"{deployment.FrontDoor.Port}"), ("STELLARPAY_ROLES", "silo,frontdoor"),
            ("STELLARPAY_SERVICE_ID", "another"), ("STELLARPAY_CLUSTER_ID", "another"),
            ("STELLAR_HORIZON_URL", deployment.Sandbox.ToString()));
        output.ShouldContain($"127.0.0.1:{deployment.FrontDoor.Port}: address already in use. Set STELLARPAY_HTTP_PORT");
    }

    [Fact]
    public async Task A_taken_port_of_the_sandbox_ends_the_start_with_a_sentence_that_names_it() =>
        (await FailureAsync(("STELLARPAY_SANDBOX_PORT", $"{deployment.Sandbox.Port}")))
            .ShouldContain($"stellarpay: Port {deployment.Sandbox.Port} on 127.0.0.1 is taken");

    [Fact]
    public async Task A_taken_port_of_the_metrics_ends_the_start_with_a_sentence_that_names_it()
    {
        var output = await FailureAsync(
            ("STELLARPAY_METRICS_PORT", $"{deployment.FrontDoor.Port}"), ("STELLARPAY_ROLES", "silo"),
            ("STELLARPAY_SERVICE_ID", "another"), ("STELLAR_HORIZON_URL", deployment.Sandbox.ToString()));
        output.ShouldContain($"127.0.0.1:{deployment.FrontDoor.Port}: address already in use. Set STELLARPAY_HTTP_PORT");
        output.ShouldContain("or STELLARPAY_METRICS_PORT to a port that is free.");
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "OTEL_EXPORTER_OTLP_ENDPOINT must be an absolute http or https URL.")]
    [InlineData("STELLARPAY_METRICS_ADDRESS", "localhost", "STELLARPAY_METRICS_ADDRESS must be an IP address")]
    [InlineData("STELLARPAY_FAULT", "payment.signed:explode", "STELLARPAY_FAULT must be")]
    [InlineData("StellarPay__Limits__Tiers__0__Payment", "-5", "StellarPay:Limits:Tiers:0:Payment must be")]
    [InlineData("StellarPay__Rates__Prices__XLM", "0", "StellarPay:Rates:Prices:XLM must be")]
    [InlineData("StellarPay__Platform__FeeAccounts", "0", "stellarpay: StellarPay:Platform:FeeAccounts must be 1 to 100.")]
    [InlineData("StellarPay__Platform__TopUpXlm", "99", "StellarPay:Platform:TopUpXlm must not be less than StellarPay:Platform:LowBalanceXlm.")]
    [InlineData("StellarPay__Auth__AccessTokenMinutes", "abc", "stellarpay: StellarPay:Auth:AccessTokenMinutes has a value of the wrong type")]
    public async Task A_wrong_setting_ends_the_start_with_a_sentence_that_names_it_and_nothing_else(
        string name, string value, string sentence)
    {
        var output = await FailureAsync(
            (name, value), ("STELLARPAY_ROLES", "silo"), ("STELLAR_HORIZON_URL", deployment.Sandbox.ToString()));
        output.ShouldContain(sentence);
        output.ShouldNotContain("   at ", Case.Sensitive, "a stack trace");
    }

    [Theory]
    [InlineData("STELLARPAY_SILO_ADDRESS")]
    [InlineData("STELLARPAY_METRICS_ADDRESS")]
    public async Task An_address_that_this_machine_has_not_ends_the_start_with_a_sentence_that_names_it(string name) =>
        (await FailureAsync(
            (name, "192.0.2.1"), ("STELLARPAY_METRICS_PORT", $"{FreePorts.Next()}"), ("STELLARPAY_ROLES", "silo"),
            ("STELLARPAY_SERVICE_ID", "another"), ("STELLAR_HORIZON_URL", deployment.Sandbox.ToString())))
            .ShouldContain("STELLARPAY_SILO_ADDRESS, STELLARPAY_METRICS_ADDRESS and ASPNETCORE_URLS must name addresses of this machine.");

    [Fact]
    public async Task Platform_accounts_without_a_key_end_the_start_where_none_is_made_by_itself() =>
        (await FailureAsync(
            ("StellarPay__Platform__GenerateKeys", "false"), ("STELLARPAY_ROLES", "silo"), ("STELLARPAY_SERVICE_ID", "keyless"),
            ("STELLAR_HORIZON_URL", deployment.Sandbox.ToString())))
            .ShouldContain("have no key. Run ./stellarpay keys generate plt_sponsor_00 (or import), for each;");

    private async Task<string> FailureAsync(params (string Name, string Value)[] settings)
    {
        await using var another = deployment.StartAnother(settings);
        await another.WaitForExitAsync();
        another.ExitCode.ShouldBe(1, another.Output);
        another.Output.Split('\n').SkipWhile(line => !line.Contains("unhandled exception", StringComparison.OrdinalIgnoreCase)).Take(30)
            .ShouldBeEmpty("a background service, or the process, threw");
        return another.Output;
    }
}
