using System.Net;
using Microsoft.Extensions.Logging;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Webhooks;

namespace StellarPay.Frontdoor.Tests.Errors;

/// <summary>
/// Bad input of every kind at every endpoint: the answer is a failure of the caller's in the one shape, and nothing has
/// changed. The bug kept away is any 500, and any half-done deed.
/// </summary>
public abstract class BadInput(FrontdoorHost host)
{
    private const string Missing = "(missing)";

    // Each endpoint with a body, its fields, and the values that would do.
    private static readonly Dictionary<string, (string Name, string Good)[]> Forms = new()
    {
        ["/v1/auth/signup"] = [("email", "\"new-{0}@example.com\""), ("password", "\"correct horse battery\"")],
        ["/v1/auth/login"] = [("email", "\"nobody@example.com\""), ("password", "\"correct horse battery\"")],
        ["/v1/auth/challenge"] = [("challenge", "\"lc_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\""), ("code", "\"123456\"")],
        ["/v1/auth/refresh"] = [("refresh_token", "\"rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"")],
        ["/v1/contacts"] = [("nickname", "\"Bob\""), ("recipient", "\"bob@example.com\"")],
        ["/v1/merchants"] =
        [
            ("business_name", "\"A shop\""), ("email", "\"shop-{0}@example.com\""), ("country", "\"DE\""),
            ("statement_descriptor", "\"A SHOP\""),
        ],
        ["/v1/webhook_endpoints"] = [("url", "\"https://8.8.8.8/hook\""), ("enabled_events", "[\"*\"]")],
        ["/v1/payment_links"] = [("currency", "\"EUR\""), ("amount", "1000")],
        ["/v1/invoices"] = [("currency", "\"EUR\""), ("amount", "1000")],
        ["/v1/test_helpers/test_clocks"] = [("frozen_time", "1900000000")],
        ["/v1/test_helpers/test_clocks/clock_00000000000000000000000a/advance"] = [("frozen_time", "1900000000")],
        ["/v1/refunds"] = [("payment_session", "\"pay_00000000000000000000000a\"")],
        ["/v1/unmatched_receipts/rcp_00000000000000000000000a/assign"] = [("payment_session", "\"pay_00000000000000000000000a\"")],
        ["/v1/payment_sessions/pay_00000000000000000000000a/accept"] = [("payment", "\"1-0\"")],
        ["/v1/payments"] =
        [
            ("recipient", "\"GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN\""), ("asset", "\"USDC\""), ("amount", "\"1\""),
        ],
    };

    // Optional fields, where nothing and null will do.
    private static readonly (string Path, string Name)[] Optional =
    [
        ("/v1/auth/signup", "phone"), ("/v1/auth/login", "phone"), ("/v1/payments", "memo"), ("/v1/payments", "confirm"),
        ("/v1/payments", "source_asset"), ("/v1/payments", "source_amount"), ("/v1/payments", "max_slippage_bps"),
        ("/v1/payments", "memo_type"), ("/v1/merchants", "website"), ("/v1/merchants", "business_type"), ("/v1/merchants", "brand_color"),
        ("/v1/payment_links", "amount_type"), ("/v1/payment_links", "minimum_decimal"), ("/v1/payment_links", "assets"),
        ("/v1/payment_links", "stock"), ("/v1/payment_links", "expires_at"), ("/v1/payment_links", "success_url"),
        ("/v1/payment_links", "after_completion"), ("/v1/payment_links", "description"), ("/v1/payment_links", "metadata"),
        ("/v1/invoices", "assets"), ("/v1/invoices", "customer_email"), ("/v1/invoices", "customer_name"), ("/v1/invoices", "description"),
        ("/v1/invoices", "footer"), ("/v1/invoices", "metadata"), ("/v1/invoices", "due_date"), ("/v1/invoices", "days_until_due"),
        ("/v1/test_helpers/test_clocks", "name"),
        ("/v1/refunds", "payment"), ("/v1/refunds", "amount"), ("/v1/refunds", "amount_decimal"), ("/v1/refunds", "reason"), ("/v1/refunds", "metadata"),
        ("/v1/webhook_endpoints", "description"), ("/v1/webhook_endpoints", "metadata"), ("/v1/webhook_endpoints", "api_version"),
    ];

    public static TheoryData<string> Posts => new(Forms.Keys);

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task A_field_with_a_bad_value(string path)
    {
        var bad = BadValues.WrongTypes.Concat(BadValues.Nonsense).Append(Missing).ToArray();
        var api = await CallerAsync(path);
        await NothingChangesAsync(async () =>
        {
            foreach (var (name, _) in Forms[path])
            {
                foreach (var value in bad.Where(value => !WouldDo(path, name, value)))
                {
                    var answer = await api.PostTextAsync(path, Body(path, name, value));
                    ShouldBeCallersFault(answer, $"{path} {name} = {Short(value)}");
                }
            }
        });
    }

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task An_optional_field_with_a_bad_value(string path)
    {
        var api = await CallerAsync(path);
        await NothingChangesAsync(async () =>
        {
            foreach (var (_, name) in Optional.Where(field => field.Path == path))
            {
                foreach (var value in BadValues.WrongTypes.Concat(BadValues.Nonsense).Where(value => !WouldDo(path, name, value)))
                {
                    // The other fields are left as they would do, but for sign-up, where the e-mail alone would be enough.
                    var body = Body(path, path == "/v1/auth/signup" ? "email" : name, path == "/v1/auth/signup" ? Missing : value, (name, value));
                    ShouldBeCallersFault(await api.PostTextAsync(path, body), $"{path} {name} = {Short(value)}");
                }
            }
        });
    }

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task A_body_that_is_not_the_JSON_object_asked_for(string path)
    {
        var api = await CallerAsync(path);
        await NothingChangesAsync(async () =>
        {
            foreach (var body in BadValues.Bodies)
            {
                ShouldBeCallersFault(await api.PostTextAsync(path, body), $"{path} body {Short(body)}");
            }

            foreach (var bytes in BadValues.Bytes)
            {
                ShouldBeCallersFault(await api.PostBytesAsync(path, bytes, "application/json"), $"{path} bytes {Short(Convert.ToHexString(bytes))}");
            }

            (await api.PostTextAsync(path, Body(path, "", "") + new string(' ', 70_000)))
                .ShouldBeError(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        });
    }

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task A_body_of_another_type(string path)
    {
        var api = await CallerAsync(path);
        await NothingChangesAsync(async () =>
        {
            foreach (var type in new[] { "text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", "x", "*/*", null })
            {
                (await api.PostTextAsync(path, Body(path, "", ""), type))
                    .ShouldBeError(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
            }

            ShouldBeCallersFault(await api.PostTextAsync(path, Body(path, "", ""), "application/json; charset=utf-16"), "utf-16");
            ShouldBeCallersFault(await api.PostTextAsync(path, Body(path, "", ""), "application/json; charset=nonsense"), "no charset");
        });
    }

    [Fact]
    public async Task An_id_that_is_none()
    {
        var api = await host.SignUpAsync();
        await NothingChangesAsync(async () =>
        {
            // A zero byte in a path is refused by the server itself, before there is a request to answer in our shape.
            foreach (var segment in BadValues.Segments.Where(segment => segment != "%00"))
            {
                foreach (var (method, path) in new[]
                {
                    (HttpMethod.Get, $"/v1/payments/{segment}"),
                    (HttpMethod.Post, $"/v1/payments/{segment}/confirm"),
                    (HttpMethod.Post, $"/v1/payments/{segment}/cancel"),
                    (HttpMethod.Delete, $"/v1/contacts/{segment}"),
                    (HttpMethod.Get, $"/v1/merchants/{segment}"),
                    (HttpMethod.Delete, $"/v1/merchants/{segment}/people/{segment}"),
                    (HttpMethod.Post, $"/v1/merchants/{segment}/api_keys/{segment}/revoke"),
                    (HttpMethod.Post, $"/v1/payments/{segment}/reclaim"),
                })
                {
                    var request = new HttpRequestMessage(method, path);
                    request.Headers.Add("Idempotency-Key", Api.NewKey());
                    var answer = await api.SendAsync(request);
                    ShouldBeCallersFault(answer, $"{method} {Short(path)}");
                }
            }
        });
    }

    [Fact]
    public async Task A_query_that_makes_no_sense()
    {
        var api = await host.SignUpAsync();
        string[] names = ["/v1/wallet/transactions?limit", "/v1/wallet/transactions?starting_after", "/v1/wallet/qr?format", "/v1/wallet/qr?amount", "/v1/wallet/qr?asset",
            "/v1/recipients/lookup?recipient"];
        await NothingChangesAsync(async () =>
        {
            foreach (var name in names)
            {
                foreach (var value in BadValues.Segments.Append("101").Append("1.5").Append("1e2"))
                {
                    if (!(name.EndsWith("amount", StringComparison.Ordinal) && value is "101" or "1.5"))
                    {
                        ShouldBeCallersFault(await api.GetAsync($"{name}={value}"), $"{name}={Short(value)}");
                    }
                }
            }
        });
    }

    [Fact]
    public async Task A_header_that_makes_no_sense()
    {
        var api = await host.SignUpAsync();
        var body = new { recipient = FakeWallet.Usdc.Issuer, asset = "USDC", amount = "1" };
        await NothingChangesAsync(async () =>
        {
            foreach (var key in new[] { new string('k', 256), "a\tb" })
            {
                (await api.PostAsync("/v1/payments", body, key))
                    .ShouldBeError(HttpStatusCode.BadRequest, "idempotency_key_invalid", "Idempotency-Key");
            }
        });
    }

    private static void ShouldBeCallersFault(Answer answer, string what)
    {
        ((int)answer.Status).ShouldBeInRange(400, 499, $"{what}: {answer.Text}");
        answer.ShouldHaveErrorShape();
    }

    // A text that is a password, a memo or a token like any other is no bad input there.
    private static bool WouldDo(string path, string name, string value) => (path, name) switch
    {
        (_, "source_asset" or "source_amount" or "max_slippage_bps" or "memo_type") => value is "null",
        ("/v1/contacts", "nickname") => value.StartsWith('"') && value.Length < 44 && !value.Contains("\\u0000") && !value.Contains("\\ud") && !value.Contains("\\n")
            && value.Trim('"', ' ').Length > 0,
        ("/v1/merchants", "website" or "business_type" or "brand_color") => value is "null",
        ("/v1/merchants", "business_name") => value.StartsWith('"') && value.Length < 100 && !value.Contains("\\u") && !value.Contains("\\n")
            && value.Any(char.IsLetterOrDigit),
        // Nonsense to people; a bank prints it.
        ("/v1/merchants", "statement_descriptor") => value.Length is > 6 and < 25 && value.Contains('"') && !value.Contains('\\')
            && !value.Contains('\'') && !value.Contains('<') && !value.Contains('[') && !value.Contains("{\""),
        ("/v1/payment_links" or "/v1/invoices", "metadata") => value is "null" or "{}" or "{\"a\":\"b\"}",
        ("/v1/payment_links", "description") or ("/v1/invoices", "description" or "footer") => value is "null"
            || (value.StartsWith('"') && value.Length is > 2 and < 500 && !value.Contains("u0000") && !value.Contains("\\ud") && !value.Contains("\\n")),
        ("/v1/invoices", "customer_name") => value is "null"
            || (value.StartsWith('"') && value.Length is > 2 and < 200 && !value.Contains("u0000") && !value.Contains("\\ud") && !value.Contains("\\n")),
        ("/v1/invoices", "days_until_due") => value is "null" or "0",
        ("/v1/payment_links" or "/v1/invoices", not ("currency" or "amount")) => value is "null",
        ("/v1/test_helpers/test_clocks", "name") => value is "null"
            || (value.StartsWith('"') && value.Length is > 2 and < 300 && !value.Contains("u0000") && !value.Contains("\\ud") && !value.Contains("\\n")),
        ("/v1/webhook_endpoints", "api_version") => value is "null",
        ("/v1/webhook_endpoints", "metadata") => value is "null" or "{}" or "{\"a\":\"b\"}",
        ("/v1/webhook_endpoints", "description") => value is "null"
            || (value.StartsWith('"') && !value.Contains("u0000") && !value.Contains("\\ud") && value.Length < 500),
        (_, "confirm") => value is "null" or "true",
        (_, "memo") => value is "null" || (value.StartsWith('"') && !value.Contains("u0000") && !value.Contains("ud800") && value.Length < 200),
        (_, "phone") => path == "/v1/auth/login" && value is "null" or "\"\"" or "\" \"" && path == "/v1/auth/login",
        ("/v1/auth/signup", "password") => value.StartsWith('"') && value.Length is > 11 and < 200,
        _ => false,
    };

    private static string Body(string path, string name, string value, (string Name, string Value)? extra = null)
    {
        var fields = Forms[path].Where(field => field.Name != name || value != Missing)
            .Select(field => (field.Name, Value: field.Name == name ? value : field.Good))
            .Where(field => field.Name != extra?.Name)
            .Select(field => $"\"{field.Name}\":{field.Value.Replace("{0}", Guid.NewGuid().ToString("N"), StringComparison.Ordinal)}")
            .Concat(extra is { } more ? [$"\"{more.Name}\":{more.Value}"] : []);
        return $"{{{string.Join(',', fields)}}}";
    }

    private async Task<Api> CallerAsync(string path) =>
        path.StartsWith("/v1/auth", StringComparison.Ordinal) ? host.Anonymous()
        : path is "/v1/webhook_endpoints" or "/v1/refunds" or "/v1/payment_links" or "/v1/invoices"
            || path.StartsWith("/v1/payment_sessions/", StringComparison.Ordinal)
            || path.StartsWith("/v1/test_helpers/", StringComparison.Ordinal)
            || path.StartsWith("/v1/unmatched_receipts/", StringComparison.Ordinal) ? (await TestMerchant.MakeAsync(host)).Api
        : await host.SignUpAsync();

    private async Task NothingChangesAsync(Func<Task> act)
    {
        var before = await StateAsync();
        await act();
        (await StateAsync()).ShouldBe(before);
        host.Log.Lines.Where(line => line.Level >= LogLevel.Error).Select(line => line.Message).ShouldBeEmpty();
    }

    private async Task<string> StateAsync()
    {
        await using var command = host.Database.DataSource.CreateCommand(
            """
            SELECT concat_ws(' ', (SELECT count(*) FROM identity.users), (SELECT count(*) FROM identity.sessions),
                (SELECT count(*) FROM identity.refresh_tokens), (SELECT count(*) FROM merchants.merchants),
                (SELECT count(*) FROM webhook_endpoints), (SELECT count(*) FROM payment_links),
                (SELECT count(*) FROM invoices), (SELECT count(*) FROM test_clocks))
            """);
        return $"{await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)} {await host.CountChangesAsync()}";
    }

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
