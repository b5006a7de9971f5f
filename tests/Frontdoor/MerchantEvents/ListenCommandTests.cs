using System.Text.RegularExpressions;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Webhooks;
using StellarPay.Frontdoor.Webhooks.Commands;

namespace StellarPay.Frontdoor.Tests.MerchantEvents;

/// <summary><c>./stellarpay listen</c> and <c>./stellarpay webhooks replay</c>, as a developer at his desk uses them.</summary>
[Collection<MerchantEventsCollection>]
public sealed partial class ListenCommandTests(WebhooksHost host)
{
    private static readonly TimeSpan[] AtOnce = [TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)];

    [Fact]
    public async Task Each_event_is_printed_and_sent_in_its_order_signed_with_the_secret_that_was_printed()
    {
        var merchant = await TestMerchant.MakeAsync(host);
        await using var program = await Receiver.StartAsync();
        // The second is not taken at first: the third waits for it.
        program.Answer = (context, received) =>
        {
            context.Response.StatusCode = received.Sequence == 2 && program.All.Count(one => one.Sequence == 2) < 3 ? 500 : 200;
            return Task.CompletedTask;
        };
        using var run = Run(merchant, "--forward-to", program.Url.OriginalString);
        await run.UntilAsync("Listening, from the first event on.");

        var events = Enumerable.Range(1, 3).Select(at => new TestEvent(TestEvent.NewSession(), at)).ToArray();
        await host.AppendAsync(merchant, events);
        await program.UntilAsync(5);
        await run.UntilAsync($"{events[2].Id} payment_session.created");
        (await run.StopAsync()).ShouldBe(0);

        program.All.Select(one => one.Sequence).ShouldBe([1L, 2, 2, 2, 3]);
        var secret = Secret().Match(run.Said).Value;
        foreach (var received in program.All)
        {
            received.ShouldBeSignedBy(secret);
        }

        run.Said.ShouldContain("  500; again in 0.001 s");
    }

    [Fact]
    public async Task What_is_not_taken_at_all_is_said_and_the_next_run_begins_with_it()
    {
        var merchant = await TestMerchant.MakeAsync(host);
        var events = Enumerable.Range(1, 3).Select(at => new TestEvent(TestEvent.NewSession(), at)).ToArray();
        await host.AppendAsync(merchant, events);
        await host.UntilNumberedAsync(merchant, 3);
        await using var program = await Receiver.StartAsync();
        program.Answer = (context, received) =>
        {
            context.Response.StatusCode = received.Sequence == 2 ? 503 : 204;
            return Task.CompletedTask;
        };
        using var run = Run(merchant, "--forward-to", program.Url.OriginalString, "--from", "0");

        (await run.EndAsync()).ShouldBe(1);

        program.All.Select(one => one.Sequence).ShouldBe([1L, 2, 2, 2, 2]);
        run.Said.ShouldContain($"{events[1].Id} was not taken, and nothing after it is sent. To go on with it: --from {events[0].Id}");

        program.AnswerWith(200);
        using var again = Run(merchant, "--forward-to", program.Url.OriginalString, "--from", events[0].Id);
        await program.UntilAsync(7);
        (await again.StopAsync()).ShouldBe(0);
        program.All.Select(one => one.Sequence).ShouldBe([1L, 2, 2, 2, 2, 2, 3]);
    }

    [Fact]
    public async Task A_key_that_is_none_ends_it_and_so_does_a_command_that_makes_no_sense()
    {
        using var run = Run("sk_test_nonsense");
        (await run.EndAsync()).ShouldBe(1);
        foreach (var wrong in new[] { ["--forward-to", "ftp://x"], ["--forward"], new[] { "--url", "nonsense" }, ["--events", "a", "--events", "b"] })
        {
            (await ListenCommand.RunAsync([.. wrong, "--api-key", "sk_test_x"], TimeProvider.System, TextWriter.Null, null, TestContext.Current.CancellationToken))
                .ShouldBe(2);
        }
    }

    [Fact]
    public async Task An_endpoint_is_sent_again_what_happened_since_an_event()
    {
        var merchant = await TestMerchant.MakeAsync(host);
        await using var receiver = await Receiver.StartAsync();
        var (endpoint, _) = await merchant.ListenAsync(receiver.Url);
        var events = Enumerable.Range(1, 3).Select(at => new TestEvent(TestEvent.NewSession(), at)).ToArray();
        await host.AppendAsync(merchant, events);
        // Not only that they came: what is not written down yet is still under way, and a replay leaves it out.
        await Eventually.UntilAsync(async () => (await merchant.DeliveriesAsync(endpoint)).Length == 3, "all are in the log");

        (await ReplayAsync(merchant, "--endpoint", endpoint, "--from-event", events[1].Id))
            .ShouldBe((0, $"2 events are looked through, and those that {endpoint} takes are sent again.\n"));
        await receiver.UntilAsync(5);
        receiver.All.Skip(3).Select(one => one.Sequence).ShouldBe([2L, 3], ignoreOrder: true);

        (await ReplayAsync(merchant, "--endpoint", endpoint, "--from-time", "2000-01-01T00:00:00Z")).Said.ShouldStartWith("3 events ");
        (await ReplayAsync(merchant, "--endpoint", "we_nonsense", "--from-event", events[1].Id)).Code.ShouldBe(1);
        (await ReplayAsync(merchant, "--endpoint", endpoint)).Code.ShouldBe(2);
        (await ReplayAsync(merchant, "--endpoint", endpoint, "--from-time", "yesterday")).Code.ShouldBe(2);
    }

    private Listening Run(TestMerchant merchant, params string[] command) => Run(merchant.Api.AccessToken!, command);

    private Listening Run(string key, params string[] command) =>
        new([.. command, "--api-key", key, "--url", host.Address.OriginalString]);

    private async Task<(int Code, string Said)> ReplayAsync(TestMerchant merchant, params string[] command)
    {
        var said = new StringWriter { NewLine = "\n" };
        var code = await WebhooksCommand.RunAsync(
            ["replay", .. command, "--api-key", merchant.Api.AccessToken!, "--url", host.Address.OriginalString], said,
            TestContext.Current.CancellationToken);
        return (code, said.ToString());
    }

    [GeneratedRegex("whsec_[A-Za-z0-9+/=]+")]
    private static partial Regex Secret();

    private sealed class Listening : IDisposable
    {
        private readonly CancellationTokenSource _stop =
            CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        private readonly StringWriter _said = new();
        private readonly TextWriter _output;
        private readonly Task<int> _run;

        public Listening(string[] command)
        {
            _output = TextWriter.Synchronized(_said);
            _run = ListenCommand.RunAsync(command, TimeProvider.System, _output, AtOnce, _stop.Token);
        }

        public string Said
        {
            get
            {
                // As what is synchronized does.
                lock (_output)
                {
                    return _said.ToString();
                }
            }
        }

        public Task UntilAsync(string words) =>
            Eventually.UntilAsync(() => Task.FromResult(Said.Contains(words, StringComparison.Ordinal)), $"it says: {words}");

        public Task<int> EndAsync() => _run.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        public async Task<int> StopAsync()
        {
            await _stop.CancelAsync();
            return await EndAsync();
        }

        public void Dispose()
        {
            _stop.Cancel();
            _stop.Dispose();
        }
    }
}
