using System.Text.Json;
using static StellarPay.Demo.Narration;

namespace StellarPay.Demo;

/// <summary>The main job, step by step; each prints what happened, and a step that goes wrong ends the demo.</summary>
internal sealed class MainJob(Instance instance, Uri frontDoor, ApiClient sandbox)
{
    private static readonly TimeSpan PaymentDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    public async Task RunAsync()
    {
        await using var payer = new Person("payer", new ApiClient(frontDoor));
        await using var payee = new Person("payee", new ApiClient(frontDoor));

        await SignUpAsync(payer, payee);
        await IssueAsync(payer);
        var payment = await PayAsync(payer, payee);
        await RefuseAsync(payer, payee);
        await new ShopJob(frontDoor).RunAsync(payer, payee);
        await SurviveAsync(payer, payee);
        Console.WriteLine();
        Console.WriteLine($"Done. The first payment was {payment}.");
    }

    private static async Task SignUpAsync(Person payer, Person payee)
    {
        Step("A payer and a payee sign up");
        foreach (var person in new[] { payer, payee })
        {
            await person.SignUpAsync();
            var balance = await person.GetUsdcAsync();
            Must(balance == "0.0000000", $"{person.Name} begins with {balance} USDC");
            Say($"{person.Name}: {person.Email}, address {person.Address}, {balance} USDC");
        }
    }

    private async Task IssueAsync(Person payer)
    {
        Step("The sandbox issues 100 USDC to the payer");
        (await sandbox.PostAsync("/admin/issue", new { account = payer.Address, asset = "USDC", amount = "100" })).Required
            .GetRawText();
        await payer.WaitForUsdcAsync("100.0000000");
        Say("the payer's live client was pushed 100.0000000 USDC");
    }

    private async Task<string> PayAsync(Person payer, Person payee)
    {
        Step("The payer pays 12.50 USDC to the payee by e-mail");
        var quote = await QuoteAsync(payer, payee, "12.50");
        var id = quote.GetProperty("id").GetString()!;
        Say($"quote {id}: 12.5000000 USDC, fee {quote.GetProperty("fee").GetString()}, until {quote.GetProperty("expires_at").GetString()}");

        var key = Guid.NewGuid().ToString("N");
        (await payer.Api.PostAsync($"/v1/payments/{id}/confirm", null, key)).Required.GetRawText();
        await payer.WaitForUsdcAsync("87.5000000");
        await payee.WaitForUsdcAsync("12.5000000");
        Say("both live clients were pushed the new balances: payer 87.5000000, payee 12.5000000");

        var done = await WaitUntilSucceededAsync(payer, id);
        var hash = done.GetProperty("transaction_hash").GetString()!;
        var transaction = (await sandbox.GetAsync($"/transactions/{hash}")).Required;
        var feeAccount = transaction.GetProperty("fee_account").GetString();
        Must(transaction.GetProperty("successful").GetBoolean(), "the transaction succeeded on the ledger");
        Must(feeAccount != payer.Address, "the platform paid the fee");
        Say($"transaction {hash}");
        Say($"is in ledger {transaction.GetProperty("ledger").GetRawText()}; its fee of "
            + $"{transaction.GetProperty("fee_charged").GetString()} stroops was paid by {feeAccount}, the platform");

        var again = (await payer.Api.PostAsync($"/v1/payments/{id}/confirm", null, key)).Required;
        Must(again.GetProperty("id").GetString() == id && again.GetProperty("transaction_hash").GetString() == hash,
            "a second confirm with the same key returns the same payment");
        Say("a second confirm with the same idempotency key returned the same payment");
        return id;
    }

    private static async Task RefuseAsync(Person payer, Person payee)
    {
        Step("A payment above the limit is refused");
        var answer = await payer.Api.PostAsync(
            "/v1/payments", new { recipient = payee.Email, asset = "USDC", amount = "10000.0000001" });
        Must(answer.ErrorCode == "payment_limit_exceeded", $"the answer is payment_limit_exceeded, not {answer.ErrorCode}");
        Say($"{(int)answer.Status} {answer.ErrorCode}: {answer.Body.GetProperty("error").GetProperty("message").GetString()}");
    }

    private async Task SurviveAsync(Person payer, Person payee)
    {
        Step("The process is killed between signing and submitting, and started again");
        var id = (await QuoteAsync(payer, payee, "5")).GetProperty("id").GetString()!;
        (await payer.Api.PostAsync("/v1/dev/faults", new { point = "payment.signed", action = "kill" })).Required.GetRawText();
        Say("armed: SIGKILL at payment.signed");
        try
        {
            await payer.Api.PostAsync($"/v1/payments/{id}/confirm", null, Guid.NewGuid().ToString("N"));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            Say("the confirm got no answer: the process is gone");
        }

        await instance.WaitUntilDeadAsync();
        await instance.EnsureAsync();
        Say("started again");
        await Task.WhenAll(payer.ConnectAsync(), payee.ConnectAsync());
        var done = await WaitUntilSucceededAsync(payer, id);
        await payer.WaitForUsdcAsync("62.5000000");
        await payee.WaitForUsdcAsync("17.5000000");

        var payments = (await sandbox.GetAsync($"/accounts/{payee.Address}/payments?limit=200")).Required
            .GetProperty("_embedded").GetProperty("records").EnumerateArray()
            .Count(record => record.GetProperty("type").GetString() == "payment"
                && record.GetProperty("from").GetString() == payer.Address
                && record.GetProperty("amount").GetString() == "5.0000000");
        Must(payments == 1, $"the ledger holds the payment once, not {payments} times");
        Say($"{id} is {done.GetProperty("status").GetString()} in transaction {done.GetProperty("transaction_hash").GetString()}");
        Say("the ledger holds it exactly once; payer 62.5000000, payee 17.5000000");
    }

    private static async Task<JsonElement> QuoteAsync(Person payer, Person payee, string amount) =>
        (await payer.Api.PostAsync(
            "/v1/payments", new { recipient = payee.Email, asset = "USDC", amount, memo = "demo" })).Required;

    private static async Task<JsonElement> WaitUntilSucceededAsync(Person payer, string id)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var payment = (await payer.Api.GetAsync($"/v1/payments/{id}")).Required;
            var status = payment.GetProperty("status").GetString();
            if (status == "succeeded")
            {
                return payment;
            }

            Must(status is "processing" or "queued", $"the payment is under way, not {status}");
            Must(TimeProvider.System.GetElapsedTime(deadline) < PaymentDeadline, $"the payment is still {status}");
            await Task.Delay(PollInterval);
        }
    }
}
