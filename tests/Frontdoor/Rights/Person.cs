using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Checkout;
using StellarPay.Frontdoor.Tests.Checkout;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys.Subjects;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Frontdoor.Tests.Rights;

/// <summary>Someone with one of everything that a user can have, so that others can try to get at it.</summary>
internal sealed class Person
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private Person(Api api) => Api = api;

    public Api Api { get; }

    public string Payment { get; private set; } = "";

    public string Schedule { get; private set; } = "";

    public string Contact { get; private set; } = "";

    public string Invitation { get; private set; } = "";

    /// <summary>A business of his.</summary>
    public string Merchant { get; private set; } = "";

    /// <summary>Where it is called.</summary>
    public string Endpoint { get; private set; } = "";

    /// <summary>Something that happened to it.</summary>
    public string Event { get; private set; } = "";

    /// <summary>A key of it.</summary>
    public string Key { get; private set; } = "";

    /// <summary>His passkey, which is asked of him nowhere: nobody in the table of rights has a second factor.</summary>
    public string Passkey { get; private set; } = "";

    /// <summary>Another session than that of <see cref="Api"/>.</summary>
    public string Session { get; private set; } = "";

    public static async Task<Person> MakeAsync(FrontdoorHost host, Api api, Api payee)
    {
        var person = new Person(api);
        await person.UntilActiveAsync();
        (await api.PostAsync("/v1/wallet/friendbot")).ShouldBeOk();
        person.Payment = await person.IdAsync(api, "/v1/payments", new { recipient = payee.Email, asset = "XLM", amount = "1" });
        person.Schedule = await person.IdAsync(api, "/v1/schedules", new
        {
            recipient = payee.Email, asset = "XLM", amount = "1", frequency = "once", start_at = host.Clock.GetUtcNow().AddDays(30),
        });
        person.Invitation = await person.IdAsync(api, "/v1/invitations", new { recipient = FrontdoorHost.NewEmail(), asset = "XLM", amount = "1" });
        person.Contact = await person.IdAsync(api, "/v1/contacts", new { nickname = "Bob", recipient = payee.Email });
        var elsewhere = host.Anonymous();
        elsewhere.Take((await elsewhere.PostAsync("/v1/auth/login", new { email = api.Email, password = Api.Password })).ShouldBeOk());
        person.Session = (await api.GetAsync("/v1/sessions")).ShouldBeOk().Body.GetProperty("data").EnumerateArray()
            .Single(session => !session.GetProperty("current").GetBoolean()).GetProperty("id").GetString()!;
        person.Passkey = await PasskeyAsync(host, api.UserId);
        return person;
    }

    /// <summary>Something that it asks to be paid.</summary>
    public string PaymentSession { get; private set; } = "";

    /// <summary>The secret of its page.</summary>
    public string CheckoutKey { get; private set; } = "";

    /// <summary>A payment for that session which is not in what the session takes, by place and number.</summary>
    public string PaymentToRefund { get; private set; } = "1-0";

    /// <summary>Something of that which goes back.</summary>
    public string Refund { get; private set; } = "";

    /// <summary>Something that came to his business and names nobody.</summary>
    public string ReceiptToAssign { get; private set; } = "rcp_000000000000000000000000";

    /// <summary>Another.</summary>
    public string ReceiptToKeep { get; private set; } = "rcp_000000000000000000000000";

    /// <summary>A third.</summary>
    public string ReceiptToReturn { get; private set; } = "rcp_000000000000000000000000";

    /// <summary>A session of it that was cancelled, and paid then.</summary>
    public string LateSession { get; private set; } = "";

    /// <summary>What came for that too late, by place and number.</summary>
    public string LatePayment { get; private set; } = "1-0";

    /// <summary>A link by which anybody pays his business.</summary>
    public string Link { get; private set; } = "";

    /// <summary>An invoice of it that is open.</summary>
    public string Invoice { get; private set; } = "";

    /// <summary>Another one, with a customer's e-mail address.</summary>
    public string InvoiceToSend { get; private set; } = "";

    /// <summary>A draft.</summary>
    public string DraftInvoice { get; private set; } = "";

    /// <summary>The secret of <see cref="Invoice"/>.</summary>
    public string InvoiceKey { get; private set; } = "";

    /// <summary>A test clock of it.</summary>
    public string Clock { get; private set; } = "";

    /// <summary>By what its page is found.</summary>
    public string LinkSlug { get; private set; } = "";

    /// <summary>His business was paid in each way of which somebody has to decide.</summary>
    public async Task<Person> WithMoneyAsync(WholeHost host) =>
        await (await (await WithRefundAsync(host)).WithLatePaymentAsync(host)).WithReceiptsAsync();

    /// <summary>Pays his business in what it does not take, and gives some of it back.</summary>
    public async Task<Person> WithRefundAsync(WholeHost host)
    {
        PaymentToRefund = await PayLumensAsync(host, PaymentSession, "5");
        var made = await OfBusinessAsync(
            HttpMethod.Post, "/v1/refunds",
            new { payment_session = PaymentSession, payment = PaymentToRefund, amount_decimal = "0.5", metadata = new { ticket = "4711" } });
        Refund = made.Body.GetProperty("id").GetString()!;
        return this;
    }

    /// <summary>Cancels a session of his business, and pays it then.</summary>
    public async Task<Person> WithLatePaymentAsync(WholeHost host)
    {
        LateSession = await IdAsync(Api, "/v1/payment_sessions", new { amount_decimal = "2", currency = "XLM" });
        await OfBusinessAsync(HttpMethod.Post, $"/v1/payment_sessions/{LateSession}/cancel");
        LatePayment = await PayLumensAsync(host, LateSession, "2");
        return this;
    }

    /// <summary>Pays his business three times without saying for what.</summary>
    public async Task<Person> WithReceiptsAsync()
    {
        var to = (await OfBusinessAsync(HttpMethod.Get, "/v1/merchant/account")).Body.GetProperty("address").GetString();
        foreach (var (amount, memo) in new[] { ("3", "Three"), ("4", "Four"), ("5", "Five") })
        {
            await IdAsync(Api, "/v1/payments", new { recipient = to, asset = "XLM", amount, memo, confirm = true });
        }

        var came = (await Eventually.UntilAsync(
                () => OfBusinessAsync(HttpMethod.Get, "/v1/unmatched_receipts"),
                answer => answer.Body.GetProperty("data").GetArrayLength() == 3))
            .Body.GetProperty("data").EnumerateArray().ToDictionary(one => one.GetProperty("memo").GetString()!, one => one.GetProperty("id").GetString()!);
        (ReceiptToAssign, ReceiptToKeep, ReceiptToReturn) = (came["Three"], came["Four"], came["Five"]);
        return this;
    }

    // Wallets of ours pay nothing that is over, and the ledgers' clock is far ahead of the business's here.
    private async Task<string> PayLumensAsync(WholeHost host, string session, string amount)
    {
        var to = (await OfBusinessAsync(HttpMethod.Get, $"/v1/payment_sessions/{session}")).Body.GetProperty("pay_to");
        using var outsider = await OutsidersWallet.OpenAsync(host.Sandbox, "1");
        await outsider.SubmitAsync(
            new MemoText(to.GetProperty("memo").GetString()!),
            new PaymentOperation(MuxedAccount.Parse(to.GetProperty("address").GetString()!), Asset.Native, StellarAmount.Parse(amount)));
        var payments = await Eventually.UntilAsync(
            () => OfBusinessAsync(HttpMethod.Get, $"/v1/payment_sessions/{session}"),
            answer => answer.Body.GetProperty("payments").GetArrayLength() > 0);
        return payments.Body.GetProperty("payments")[0].GetProperty("operation_id").GetString()!;
    }

    private async Task<Answer> OfBusinessAsync(HttpMethod method, string path, object? body = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("StellarPay-Merchant", Merchant);
        return (await Api.SendAsync(request)).ShouldBeOk();
    }

    /// <summary>Registers a business of his, with a key, a webhook endpoint, an event and a payment session.</summary>
    public async Task<Person> WithBusinessAsync(FrontdoorHost host)
    {
        Merchant = await IdAsync(Api, "/v1/merchants", new
        {
            business_name = "Ada's Books", email = Api.Email, country = "GB", statement_descriptor = "ADAS BOOKS",
        });
        Key = await IdAsync(Api, $"/v1/merchants/{Merchant}/api_keys", new { kind = "secret", name = "Shop server", password = Hosting.Api.Password });
        Endpoint = await EndpointAsync(Api, Merchant);
        PaymentSession = await IdAsync(
            Api, "/v1/payment_sessions", new
            {
                amount = 500, currency = "USD", assets = new[] { "USDC" }, metadata = new Dictionary<string, string> { ["order"] = "76" },
                offer_dedicated_address = true,
            });
        CheckoutKey = host.Services.GetRequiredService<CheckoutSecrets>().PayKeyOf(PaymentSessionId.Parse(PaymentSession));
        var link = await OfBusinessAsync(
            HttpMethod.Post, "/v1/payment_links", new { amount = 500, currency = "USD", stock = 1000, metadata = new { campaign = "spring" } });
        (Link, LinkSlug) = (link.Body.GetProperty("id").GetString()!, link.Body.GetProperty("url").GetString()!.Split('/')[^1]);
        Clock = (await OfBusinessAsync(
            HttpMethod.Post, "/v1/test_helpers/test_clocks", new { frozen_time = host.Clock.GetUtcNow().ToUnixTimeSeconds(), name = "A year" }))
            .Body.GetProperty("id").GetString()!;
        await WithInvoicesAsync();
        Event = await EventAsync(host, Endpoint);
        return this;
    }

    private async Task WithInvoicesAsync()
    {
        var ids = new List<string>();
        var url = "";
        for (var n = 0; n < 3; n++)
        {
            var made = await OfBusinessAsync(HttpMethod.Post, "/v1/invoices", new
            {
                currency = "USD", customer_email = FrontdoorHost.NewEmail(), customer_name = "Grace Hopper", metadata = new { project = "cobol" },
                line_items = new[] { new { name = "Lesson", quantity = 2, amount = "12.50" } }, description = "Lessons",
            });
            ids.Add(made.Body.GetProperty("id").GetString()!);
            if (n < 2)
            {
                var open = await OfBusinessAsync(HttpMethod.Post, $"/v1/invoices/{ids[n]}/finalize");
                url = n == 0 ? open.Body.GetProperty("hosted_invoice_url").GetString()! : url;
            }
        }

        (Invoice, InvoiceToSend, DraftInvoice, InvoiceKey) = (ids[0], ids[1], ids[2], url.Split("key=")[^1]);
    }

    private static async Task<string> EndpointAsync(Api api, string merchant)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/webhook_endpoints")
        {
            Content = JsonContent.Create(new { url = "https://shop.example.com/webhooks", enabled_events = new[] { "payment_session.*" }, metadata = new { team = "checkout" } }),
        };
        request.Headers.Add("StellarPay-Merchant", merchant);
        return (await api.SendAsync(request)).ShouldBeOk().Body.GetProperty("id").GetString()!;
    }

    // That the session was made; and it has been sent, to where nobody listens.
    private async Task<string> EventAsync(FrontdoorHost host, string endpoint)
    {
        var id = "";
        await Eventually.UntilAsync(
            async () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events?type=payment_session.created");
                request.Headers.Add("StellarPay-Merchant", Merchant);
                var events = (await Api.SendAsync(request)).ShouldBeOk().Body.GetProperty("data");
                id = events.GetArrayLength() > 0 ? events[0].GetProperty("id").GetString()! : "";
                return id.Length > 0;
            },
            "the business is told of its session");
        await Eventually.UntilAsync(
            async () =>
            {
                await using var tried = host.Database.DataSource.CreateCommand("SELECT EXISTS (SELECT FROM webhook_tries WHERE endpoint = $1)");
                tried.Parameters.AddWithValue(endpoint);
                return (bool)(await tried.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
            },
            "the event was sent");
        return id;
    }

    private static async Task<string> PasskeyAsync(FrontdoorHost host, string user)
    {
        var id = $"psk_{Guid.NewGuid():N}";
        var name = await host.Services.GetRequiredService<ISubjectKeys>().SealAsync(
            new SubjectField(user, "identity.passkeys", "name", id), "Old phone"u8.ToArray(), TestContext.Current.CancellationToken);
        await using var command = host.Database.DataSource.CreateCommand(
            """
            INSERT INTO identity.passkeys (id, user_id, credential_id, public_key, sign_count, name, created_at)
            VALUES ($1, $2, sha256($3), '', 0, $4, now())
            """);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(user);
        command.Parameters.AddWithValue(System.Text.Encoding.UTF8.GetBytes(id));
        command.Parameters.AddWithValue(name);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return id;
    }

    private async Task<string> IdAsync(Api api, string path, object body)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            // Until the network has paid him, or has his business's account.
            var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
            request.Headers.TryAddWithoutValidation("Idempotency-Key", $"made-{Guid.NewGuid():N}");
            request.Headers.TryAddWithoutValidation("StellarPay-Merchant", Merchant);
            var answer = await api.SendAsync(request);
            if (answer.Status == HttpStatusCode.Created)
            {
                return answer.Body.GetProperty("id").GetString()!;
            }

            answer.Text.ShouldMatch("insufficient|merchant_not_ready");
            await ticks.WaitForNextTickAsync(deadline.Token);
        }
    }

    private async Task UntilActiveAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((await Api.GetAsync("/v1/wallet")).ShouldBeOk().Body.GetProperty("status").GetString() != "active")
        {
            await ticks.WaitForNextTickAsync(deadline.Token);
        }
    }
}
