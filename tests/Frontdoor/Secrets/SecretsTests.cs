using StellarPay.Frontdoor.Tests.Telemetry;
using StellarPay.Tests.Shared.Secrets;

namespace StellarPay.Frontdoor.Tests.Secrets;

/// <summary>The whole system does all that it does, and nothing that leaves it or stays in it shows a secret.</summary>
public sealed class SecretsTests(SecretsHost host) : IClassFixture<SecretsHost>
{
    [Fact]
    public async Task No_seed_key_token_or_password_is_in_any_answer_log_line_hub_message_trace_metric_or_column()
    {
        using var traces = new CapturedTraces();
        await using var life = new EventfulLife(host);
        await life.SignInAndOutAsync();
        await life.ProtectAsync();
        await life.MoveMoneyAsync();
        await life.ReplaceKeysAsync();
        await life.AskForWhatIsRefusedAsync();
        var known = life.Known;
        await known.LearnAsync();

        Place[] logs = [.. host.Log.Lines.Select((line, i) => Place.OfText($"log line {i} of {line.Category}", line.Everything))];
        var columns = await DatabaseDump.ReadAsync(host.Database.DataSource);
        var hub = life.HubRecords.Select((record, i) => Place.OfText($"hub message {i}", record)).ToArray();
        Place[] told = [.. host.Exports(), Place.OfText("metrics", await host.ScrapeAsync())];
        Place[] everywhere = [.. logs, .. columns, .. hub, .. life.Answers.Places, .. traces.Places, .. told];

        // That it is looked for where things are: what is no secret is found in each of the places.
        Show(life.PaidTransaction, columns, "column public.events.data", "column public.payments.transaction_hash");
        Show(life.Address, columns, "column public.grain_state.payload", "column public.ledger_addresses.address");
        known.PublicKeys.ShouldContain(key => Seen(key, columns).Contains("column public.audit_log.data"));
        Seen(life.PaidTransaction, hub).ShouldNotBeEmpty();
        Seen(life.PaidTransaction, life.Answers.Places).ShouldNotBeEmpty();
        Seen(life.PaymentId, logs).ShouldNotBeEmpty();
        Seen("/v1/payments", traces.Places).ShouldNotBeEmpty();
        Seen(life.PaidTransaction, told).Distinct().ShouldBe(["export to /v1/traces"]);
        Seen("stellarpay.payments", told).ShouldContain("export to /v1/metrics");
        Seen("stellarpay_payments", told).ShouldBe(["metrics"]);
        // Spans come from the whole process: a test beside this one may look for a federation server at example.com.
        string[] addresses = ["someone-", "@example.com", "%40example.com", "*example.com", "%2Aexample.com", "%2aexample.com"];
        addresses.Where(part => Seen(part, told).Any()).ShouldBeEmpty();
        Seen("someone-", columns).Distinct().ShouldBe(NamesInClearTests.NamesOfPayees, ignoreOrder: true);
        Seen("access_token", told).ShouldBeEmpty();
        new[] { "wallet", "sponsor", "fee_account", "suspense" }.Except(known.States).ShouldBeEmpty();
        known.PublicKeys.Count.ShouldBeGreaterThanOrEqualTo(8);
        known.SigningKeyIds.ShouldNotBeEmpty();
        life.Answers.Tokens.Count.ShouldBeGreaterThanOrEqualTo(4 * 6);

        var certificate = Secret.OfText("the certificate's password", TelemetryHost.CertificatePassword);
        // Of codes, which are short and many, those that stand alone: eight digits may be part of any number.
        var codes = host.Messages.All.Select(message => message.Code).OfType<string>().ToArray();
        codes.Length.ShouldBeGreaterThanOrEqualTo(5);
        codes.SelectMany(code => everywhere.Where(place => HasAlone(code, place)).Select(place => place.Name)).ShouldBeEmpty();
        var factors = life.Factors.Secrets;
        factors.Count.ShouldBe((2 * 2) + (3 * 10 * 2));
        SecretScan.Find([.. known.All, .. life.Answers.Tokens, .. life.Passwords, .. factors, certificate], everywhere).ShouldBeEmpty();
        Seen("second_factor_added", columns).ShouldContain("column public.events.type");
        life.Answers.Tokens.ShouldAllBe(token => life.Answers.Places.Any(place => token.MayBeAt(place.Name)));
    }

    private static bool HasAlone(string digits, Place place)
    {
        var bytes = place.Bytes.AsSpan();
        var sought = System.Text.Encoding.UTF8.GetBytes(digits);
        for (var from = 0; bytes[from..].IndexOf(sought) is var at and >= 0; from += at + 1)
        {
            var (before, after) = (from + at - 1, from + at + sought.Length);
            if ((before < 0 || !char.IsAsciiLetterOrDigit((char)bytes[before]))
                && (after >= bytes.Length || !char.IsAsciiLetterOrDigit((char)bytes[after])))
            {
                return true;
            }
        }

        return false;
    }

    private static void Show(string what, Place[] columns, params string[] names) =>
        Seen(what, columns).Intersect(names).ShouldBe(names, ignoreOrder: true);

    private static IEnumerable<string> Seen(string what, IEnumerable<Place> places) =>
        places.Where(place => place.Bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(what)) >= 0).Select(place => place.Name);
}
