using System.Diagnostics;

namespace StellarPay.Tidy.Tests;

/// <summary>What <c>./stellarpay test</c> is asked is looked at before anything is built.</summary>
public sealed class TestScriptTests
{
    [Theory]
    [InlineData("tidy")]
    [InlineData("Nonsense")]
    public async Task A_project_that_there_is_not_is_refused_with_those_that_there_are(string name) =>
        (await CheckAsync("Tidy", name)).ShouldBe((2,
            $"stellarpay: there is no test project '{name}'; test takes --all and any of "
            + "Adapters Chaos Conformance EndToEnd Frontdoor Grains Sandbox Silo Stellar Tidy.\n"));

    [Fact]
    public async Task All_may_stand_anywhere()
    {
        (await CheckAsync("Tidy", "--all")).ShouldBe((0, ""));
        (await CheckAsync("--all", "Tidy")).ShouldBe((0, ""));
        (await CheckAsync()).ShouldBe((0, ""));
    }

    [Fact]
    public void The_command_looks_before_it_builds() =>
        File.ReadAllText(Path.Combine(SourceTree.Root, "stellarpay")).ShouldContain("run_tests() {\n  eng/run-tests.sh --check \"$@\"\n");

    private static async Task<(int Code, string Said)> CheckAsync(params string[] arguments)
    {
        using var script = Process.Start(new ProcessStartInfo("bash", ["eng/run-tests.sh", "--check", .. arguments])
        {
            WorkingDirectory = SourceTree.Root,
            RedirectStandardError = true,
        })!;
        var said = await script.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await script.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (script.ExitCode, said);
    }
}
