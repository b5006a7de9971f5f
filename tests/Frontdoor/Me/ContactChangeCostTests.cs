using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Me;

/// <summary>What somebody's own contacts are told of the changes that he asks for is counted too.</summary>
public sealed class ContactChangeCostTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_asks_for_changes_all_day_has_no_more_SMS_sent_than_a_day_has_and_none_where_no_code_is_sent()
    {
        // The bug kept away: each ask, also one that was refused, sent an SMS to one's own number, and nobody counted it.
        const string Phone = "+442079460756";
        await using var own = new SparseHost();
        await own.InitializeAsync();
        var api = await own.SignUpAsync();
        (await api.PostAsync("/v1/me/phone/change", new { phone = Phone, password = Api.Password })).ShouldBeOk();
        (await api.PostAsync("/v1/me/phone/change/confirm", new { code = await own.Messages.NextCodeAsync(Phone) })).ShouldBeOk();
        await UntilNothingWaitsAsync(own);
        // From here on what is written stays in the outbox.
        own.Messages.Taking = _ => Task.Delay(Timeout.Infinite, Cancelled);

        var answers = new List<Answer>();
        for (var i = 0; i < 6; i++)
        {
            answers.Add(await api.PostAsync("/v1/me/email/change", new { email = $"new{i % 2}@example.com", password = Api.Password }));
        }

        var sent = answers.Count(answer => answer.Status == HttpStatusCode.OK);
        sent.ShouldBeInRange(2, 5);
        answers.Count(answer => answer.Status == HttpStatusCode.TooManyRequests).ShouldBe(6 - sent);
        (await WaitingAsync(own, "sms")).ShouldBe(2, "of a day's two");
        // The codes, and what the old address has of its day, of which one told of the change of the phone.
        (await WaitingAsync(own, "email")).ShouldBe(sent + 1);
    }

    private static async Task UntilNothingWaitsAsync(FrontdoorHost own)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (await WaitingAsync(own, "sms") + await WaitingAsync(own, "email") > 0)
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static async Task<long> WaitingAsync(FrontdoorHost own, string channel)
    {
        await using var count = own.Database.DataSource.CreateCommand("SELECT count(*) FROM identity.messages WHERE channel = $1");
        count.Parameters.AddWithValue(channel);
        return (long)(await count.ExecuteScalarAsync(Cancelled))!;
    }

    private sealed class SparseHost : FrontdoorHost
    {
        protected override Dictionary<string, string?> Settings => new()
        {
            ["StellarPay:Messages:Budgets:NoticeEmailsPerUser"] = "2",
            ["StellarPay:Messages:Budgets:NoticeSmsPerUser"] = "2",
        };
    }
}
