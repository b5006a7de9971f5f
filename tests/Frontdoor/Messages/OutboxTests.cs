using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Tests.Hosting;
using static StellarPay.Frontdoor.Tests.Hosting.Eventually;

namespace StellarPay.Frontdoor.Tests.Messages;

public sealed class OutboxTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FrontdoorHost _host = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task What_was_sent_is_forgotten()
    {
        var api = await _host.SignUpUnconfirmedAsync();
        await _host.Messages.NextCodeAsync(api.Email);

        await UntilAsync(async () => await CountAsync() == 0);
    }

    [Fact]
    public async Task What_could_not_be_sent_is_tried_again_later_and_is_the_same_message()
    {
        var attempts = new List<string>();
        _host.Messages.Taking = message =>
        {
            lock (attempts)
            {
                attempts.Add($"{message.Id} {message.Code}");
                return attempts.Count < 3 ? throw new IOException("The mail server is away.") : Task.CompletedTask;
            }
        };
        var api = await _host.SignUpUnconfirmedAsync();

        var sent = _host.Messages.NextCodeAsync(api.Email);
        while (!sent.IsCompleted)
        {
            // Nobody waits for the pauses between the attempts here.
            await UntilAsync(async () => sent.IsCompleted || await ExecuteAsync(
                "UPDATE identity.messages SET due_at = now() WHERE due_at < now() + interval '100 seconds' AND attempts > 0") > 0);
        }

        attempts.Distinct().ShouldHaveSingleItem();
        attempts.Count.ShouldBe(3);
        (await api.PostAsync("/v1/me/email/confirm", new { code = await sent })).ShouldBeOk();
        await UntilAsync(async () => await CountAsync() == 0);
        _host.Log.Lines.ShouldContain(line => line.Level == LogLevel.Warning && line.Message.Contains("in attempt 2 and is tried again: IOException"));
        _host.Log.Lines.ShouldNotContain(line => line.Everything.Contains(api.Email, StringComparison.OrdinalIgnoreCase)
            && line.Category.Contains("Messages", StringComparison.Ordinal), "log lines of ours name nobody");
    }

    [Fact]
    public async Task Who_is_not_there_is_not_written_to_again()
    {
        var attempts = 0;
        var refused = new TaskCompletionSource();
        _host.Messages.Taking = _ =>
        {
            Interlocked.Increment(ref attempts);
            refused.TrySetResult();
            throw new MessageRefusedException("There is no such mailbox.");
        };
        await _host.SignUpUnconfirmedAsync();

        await refused.Task.WaitAsync(Patience, Cancelled);
        await UntilAsync(async () => await CountAsync() == 0);
        attempts.ShouldBe(1);
    }

    [Fact]
    public async Task What_says_nothing_that_is_still_so_is_given_up_and_an_operator_is_told()
    {
        _host.Messages.Taking = _ => throw new IOException("The mail server is away.");
        await _host.SignUpUnconfirmedAsync();
        await UntilAsync(async () => await ExecuteAsync("UPDATE identity.messages SET expires_at = now() WHERE attempts > 0") > 0);

        await UntilAsync(async () =>
        {
            await ExecuteAsync("UPDATE identity.messages SET due_at = now() WHERE due_at < now() + interval '100 seconds'");
            return await CountAsync() == 0;
        });
        _host.Log.Lines.ShouldContain(line => line.Level == LogLevel.Error && line.Message.Contains("was given up: Email took it in none of"));
    }

    [Fact]
    public async Task Two_front_doors_send_each_message_once()
    {
        await using var second = await _host.StartAnotherAsync();
        using var http = new HttpClient { BaseAddress = new Uri(second.Urls.Single()) };
        var people = await Task.WhenAll(Enumerable.Range(0, 24).Select(async i =>
        {
            var api = i % 2 == 0 ? _host.Anonymous() : new Api(http, _host.Messages);
            await api.SignUpUnconfirmedAsync(FrontdoorHost.NewEmail());
            return api;
        }));

        foreach (var api in people)
        {
            await _host.Messages.NextCodeAsync(api.Email);
        }

        await UntilAsync(async () => await CountAsync() == 0);
        _host.Messages.All.Select(message => message.Id).ShouldBeUnique();
        _host.Messages.All.Count.ShouldBe(people.Length);
    }

    [Fact]
    public async Task What_a_front_door_had_taken_that_is_gone_is_sent_by_another_after_its_lease()
    {
        var outbox = new MessageOutbox(_host.Database.DataSource);
        var hold = new TaskCompletionSource();
        _host.Messages.Taking = _ => hold.Task;
        var api = await _host.SignUpUnconfirmedAsync();
        await UntilAsync(async () => await CountAsync("attempts = 1") == 1);

        // By the clock of the database, whatever that of the front door says.
        (await CountAsync("due_at BETWEEN now() + interval '60 seconds' AND now() + interval '120 seconds'")).ShouldBe(1);
        // It is being sent, so that nobody else has it.
        (await outbox.TakeAsync(MessageChannel.Email, 10, Cancelled)).ShouldBeEmpty();
        var taken = await TakeAfterLeaseAsync(outbox);

        // The first was only slow. It has sent the message, and nobody sends it again.
        hold.SetResult();
        await _host.Messages.NextCodeAsync(api.Email);
        await UntilAsync(async () => await CountAsync() == 0);
        await outbox.PutOffAsync(taken, Cancelled);
        (await CountAsync()).ShouldBe(0);
    }

    [Fact]
    public void What_was_put_into_anothers_place_is_not_sent()
    {
        var seal = _host.Services.GetRequiredService<MessageSeal>();
        var message = new Message("msg_one", MessageChannel.Email, "a@example.com", "Hello", "Text", Code: null);
        var stored = seal.Seal(message);

        seal.TryOpen("msg_one", stored, out var opened).ShouldBeTrue();
        opened.ShouldBe(message);
        seal.TryOpen("msg_two", stored, out _).ShouldBeFalse();
        stored[^1] ^= 1;
        seal.TryOpen("msg_one", stored, out _).ShouldBeFalse();
        seal.TryOpen("msg_one", [], out _).ShouldBeFalse();
        new MessageSeal(new byte[32]).TryOpen("msg_one", seal.Seal(message), out _).ShouldBeFalse();
    }

    [Fact]
    public async Task The_inbox_of_development_is_there_in_development_only()
    {
        (await _host.Anonymous().GetAsync("/v1/dev/inbox?to=a@example.com")).Status.ShouldBe(System.Net.HttpStatusCode.NotFound);
        await _host.SignUpAsync();
        await using var command = _host.Database.DataSource.CreateCommand("SELECT count(*) FROM identity.development_inbox");
        (await command.ExecuteScalarAsync(Cancelled)).ShouldBe(0L);
    }

    // The front door looks, too, every two seconds, and may be the one that takes it then.
    private async Task<TakenMessage> TakeAfterLeaseAsync(MessageOutbox outbox)
    {
        TakenMessage? taken = null;
        await UntilAsync(
            async () =>
            {
                await using var later = _host.Database.DataSource.CreateCommand(
                    "UPDATE identity.messages SET due_at = due_at - interval '121 seconds' RETURNING attempts");
                var attempts = Convert.ToInt32(await later.ExecuteScalarAsync(Cancelled), CultureInfo.InvariantCulture);
                taken = (await outbox.TakeAsync(MessageChannel.Email, 10, Cancelled)).SingleOrDefault();
                taken?.Attempt.ShouldBe(attempts + 1);
                return taken is not null;
            });
        return taken!;
    }

    private async Task<long> CountAsync(string where = "true")
    {
        await using var command = _host.Database.DataSource.CreateCommand($"SELECT count(*) FROM identity.messages WHERE {where}");
        return (long)(await command.ExecuteScalarAsync(Cancelled))!;
    }

    private async Task<int> ExecuteAsync(string sql)
    {
        await using var command = _host.Database.DataSource.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync(Cancelled);
    }
}
