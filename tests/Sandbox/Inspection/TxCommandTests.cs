using StellarPay.Sandbox.Inspection;

namespace StellarPay.Sandbox.Tests.Inspection;

public sealed class TxCommandTests
{
    // A bump-sequence to 5 without signatures.
    private const string Bump =
        "AAAAAgAAAABzdv3ojkzWHMD7KUoXhrPx0GH18vHKV0ZfqpMiEblG1gAAAGQAAAAAAAAAAQAAAAAAAAAAAAAAAQAAAAAAAAALAAAAAAAAAAUAAAAAAAAAAA==";

    [Fact]
    public async Task An_envelope_is_printed_as_JSON()
    {
        var (exit, output, _) = await RunAsync("", "inspect", Bump);

        exit.ShouldBe(0);
        output.ShouldContain("\"type\": \"bump_sequence\"");
        output.ShouldNotContain("\"hash\"");
    }

    [Fact]
    public async Task Standard_input_may_be_broken_into_lines_and_a_network_adds_the_hash()
    {
        var (exit, output, _) = await RunAsync(Bump[..40] + "\r\n" + Bump[40..] + "\n", "inspect", "-", "--network", "testnet");

        exit.ShouldBe(0);
        output.ShouldContain("\"network\": \"Test SDF Network ; September 2015\"");
        output.ShouldContain("\"hash\"");
    }

    [Theory]
    [InlineData("AAAA")]
    [InlineData("what?")]
    [InlineData("")]
    public async Task What_is_no_envelope_is_refused_with_the_reason(string text)
    {
        var (exit, output, errors) = await RunAsync("", "inspect", text);

        exit.ShouldBe(1);
        output.ShouldBeEmpty();
        errors.ShouldStartWith("That is not a transaction envelope that can be read: ");
    }

    [Fact]
    public async Task Other_arguments_get_the_usage()
    {
        (await RunAsync("")).Exit.ShouldBe(2);
        (await RunAsync("", "sign", Bump)).Errors.ShouldStartWith("usage: tx inspect");
    }

    private static async Task<(int Exit, string Output, string Errors)> RunAsync(string input, params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exit = await TxCommand.RunAsync(args, new StringReader(input), output, errors);
        return (exit, output.ToString(), errors.ToString());
    }
}
