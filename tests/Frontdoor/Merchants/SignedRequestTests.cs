using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Merchants.Signing;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Merchants;

/// <summary>Requests that are signed with the secret of their API key, and those that only look so.</summary>
[Collection<ShopsCollection>]
public sealed class SignedRequestTests(MerchantHost host)
{
    // As a client sends it, whatever it makes of escapes.
    private static readonly string Path = new Uri(new Uri("http://any.example"), "/v1/test/refunds?to=%c3%a9&x=a%2Fb+c").PathAndQuery;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_signed_request_is_taken_once_whatever_front_door_it_comes_to()
    {
        var (shop, key) = await SigningAsync();
        await using var second = await host.StartAnotherAsync();
        using var http = new HttpClient { BaseAddress = new Uri(second.Urls.Single()) };
        var doors = new[] { host.With(key.Key), new Api(http) { AccessToken = key.Key } };
        var signed = await HeaderAsync(key.Api, HttpMethod.Post, Path, "{}");

        (await SendAsync(doors[0], HttpMethod.Post, Path, "{}", signed)).ShouldBeOk().Body.GetProperty("actor").GetString().ShouldBe(key.Id);
        foreach (var door in doors)
        {
            ShouldBeRefused(await SendAsync(door, HttpMethod.Post, Path, "{}", signed), "replayed");
        }

        var many = await HeaderAsync(key.Api, HttpMethod.Post, Path, "{}");
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(at => SendAsync(doors[at % 2], HttpMethod.Post, Path, "{}", many)));
        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Where(answer => answer.Status != HttpStatusCode.OK).ToList().ForEach(answer => ShouldBeRefused(answer, "replayed"));
        // Anew signed it is another request, and a nonce of one key is not another's.
        key.Api.Signer!.Nonce = RequestSigner.NewNonce();
        var (other, _, _) = await shop.SigningAsync();
        other.Signer!.Nonce = key.Api.Signer.Nonce;
        (await key.Api.PostAsync(Path)).ShouldBeOk();
        (await other.PostAsync(Path)).ShouldBeOk();
        ShouldBeRefused(await key.Api.PostAsync(Path), "replayed");
    }

    [Fact]
    public async Task Whatever_was_changed_makes_it_wrong_and_uses_up_nothing()
    {
        var (shop, key) = await SigningAsync();
        var (other, _, _) = await shop.SigningAsync();
        var (signer, nonce, now) = (key.Api.Signer!, RequestSigner.NewNonce(), key.Api.Signer!.Now);
        string Mac(string? secret = null, string? target = null, string? idempotency = null, string body = "{\"amount\":1}") => RequestSigner.MacOf(
            secret ?? signer.Secret, "POST", target ?? Path, now, nonce, idempotency ?? "one", Encoding.UTF8.GetBytes(body));
        string Header(string mac, long? time = null, string? other = null) => $"t={time ?? now},n={other ?? nonce},v1={mac}";
        (string What, HttpMethod Method, string Target, string Body, string Header, string Idempotency)[] wrong =
        [
            ("body", HttpMethod.Post, Path, "{\"amount\":2}", Header(Mac()), "one"),
            ("a space in it", HttpMethod.Post, Path, "{\"amount\": 1}", Header(Mac()), "one"),
            ("no body", HttpMethod.Post, Path, "", Header(Mac()), "one"),
            ("path", HttpMethod.Post, Path.Replace("refunds", "payouts", StringComparison.Ordinal), "{\"amount\":1}", Header(Mac()), "one"),
            ("query", HttpMethod.Post, $"{Path}&y=1", "{\"amount\":1}", Header(Mac()), "one"),
            ("escapes", HttpMethod.Post, Path.Replace("%2F", "/", StringComparison.Ordinal), "{\"amount\":1}", Header(Mac()), "one"),
            ("method", HttpMethod.Put, Path, "{\"amount\":1}", Header(Mac()), "one"),
            ("key of the request", HttpMethod.Post, Path, "{\"amount\":1}", Header(Mac()), "two"),
            ("time", HttpMethod.Post, Path, "{\"amount\":1}", Header(Mac(), time: now + 1), "one"),
            ("nonce", HttpMethod.Post, Path, "{\"amount\":1}", Header(Mac(), other: RequestSigner.NewNonce()), "one"),
            ("secret", HttpMethod.Post, Path, "{\"amount\":1}", Header(Mac(other.Signer!.Secret)), "one"),
            ("the key itself", HttpMethod.Post, Path, "{\"amount\":1}", Header(Mac(key.Key)), "one"),
            ("nothing signed it", HttpMethod.Post, Path, "{\"amount\":1}", Header(Mac("")), "one"),
            ("path alone was signed", HttpMethod.Post, Path, "{\"amount\":1}", Header(Mac(target: Path.Split('?')[0])), "one"),
            ("a bit", HttpMethod.Post, Path, "{\"amount\":1}", Header((Mac()[0] == '0' ? "1" : "0") + Mac()[1..]), "one"),
        ];

        foreach (var (what, method, target, body, header, idempotency) in wrong)
        {
            ShouldBeRefused(await SendAsync(host.With(key.Key), method, target, body, header, idempotency), "invalid", what);
        }

        (await NoncesAsync(key.Id)).ShouldBe(0, "strangers fill nothing");
        (await SendAsync(host.With(key.Key), HttpMethod.Post, Path, "{\"amount\":1}", Header(Mac()), "one")).ShouldBeOk();
        (await NoncesAsync(key.Id)).ShouldBe(1);
    }

    [Fact]
    public async Task A_signature_holds_five_minutes_and_is_as_much_ahead_at_most()
    {
        var (_, key) = await SigningAsync();
        // On a whole second, as what is sent is.
        var now = host.Clock.GetUtcNow();
        host.Clock.Advance(DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds() + 1) - now);

        (long Ahead, bool IsGood)[] cases =
            [(-300, true), (-301, false), (300, true), (301, false), (-1_000_000_000, false), (90_000_000_000, false)];
        foreach (var (ahead, isGood) in cases)
        {
            key.Api.Signer!.Ahead = TimeSpan.FromSeconds(ahead);
            var answer = await key.Api.PostAsync(Path);
            if (isGood)
            {
                answer.ShouldBeOk();
            }
            else
            {
                ShouldBeRefused(answer, "expired");
            }
        }

        // Nor is it taken later, once it was: first it is known, then it is old.
        key.Api.Signer!.Ahead = TimeSpan.FromSeconds(299);
        var header = await HeaderAsync(key.Api, HttpMethod.Post, Path, "");
        (await SendAsync(host.With(key.Key), HttpMethod.Post, Path, "", header)).ShouldBeOk();
        var nonces = host.Services.GetRequiredService<RequestNonces>();
        foreach (var (minutes, refusal) in new[] { (5, "replayed"), (4, "replayed"), (1, "expired"), (10, "expired") })
        {
            host.Clock.Advance(TimeSpan.FromMinutes(minutes));
            await nonces.PruneAsync(Cancelled);
            ShouldBeRefused(await SendAsync(host.With(key.Key), HttpMethod.Post, Path, "", header), refusal, $"after {minutes} more");
        }

        while (await nonces.PruneAsync(Cancelled) > 0)
        {
        }

        (await NoncesAsync(key.Id)).ShouldBe(0, "what nobody takes any more is forgotten");
    }

    [Theory]
    [InlineData("")]
    [InlineData("v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=1772366400,n=short,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=1772366400,n='; DROP TABLE x; --'''',v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=1772366400,n=éééééééééééééééééééé,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=99999999999999999999,n=0123456789abcdef,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=0,n=0123456789abcdef,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task A_header_that_is_not_of_the_form_is_refused_though_none_is_demanded(string header)
    {
        var (_, key) = await SigningAsync();
        using var sockets = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        using var http = new HttpClient(sockets) { BaseAddress = host.Address };
        foreach (var (method, path) in new[] { (HttpMethod.Post, Path), (HttpMethod.Post, "/v1/test/sessions"), (HttpMethod.Get, "/v1/merchant") })
        {
            ShouldBeRefused(await SendAsync(new Api(http) { AccessToken = key.Key }, method, path, "", header), "invalid");
        }
    }

    [Fact]
    public async Task Whoever_signs_is_held_to_it_also_in_reads_and_with_two_headers()
    {
        var (_, key) = await SigningAsync();
        key.Api.Signer!.Nonce = RequestSigner.NewNonce();

        (await key.Api.GetAsync("/v1/test/sessions?x=1")).ShouldBeOk();
        ShouldBeRefused(await key.Api.GetAsync("/v1/test/sessions?x=1"), "replayed");
        key.Api.Signer.Nonce = null;
        key.Api.Signer.Mac = new string('a', 64);
        ShouldBeRefused(await key.Api.GetAsync("/v1/test/sessions"), "invalid");
        var header = await HeaderAsync(host.With(key.Key), HttpMethod.Post, Path, "", new RequestSigner(key.Api.Signer.Secret, host.Clock));
        var twice = new HttpRequestMessage(HttpMethod.Post, Path);
        twice.Headers.Add(RequestSigner.Header, header);
        twice.Headers.TryAddWithoutValidation(RequestSigner.Header, header);
        ShouldBeRefused(await host.With(key.Key).SendAsync(twice), "invalid");
        (await SendAsync(host.With(key.Key), HttpMethod.Post, Path, "", header)).ShouldBeOk();
    }

    [Fact]
    public async Task What_was_signed_is_what_is_read_and_a_body_has_its_bound()
    {
        var (_, key) = await SigningAsync();
        const string Body = "{ \"b\" : 1.50, \"a\":\"\\u00e9é\" }";

        (await key.Api.PostTextAsync("/v1/test/echo", Body)).ShouldBeOk().Body.GetRawText().ShouldContain("1.50");
        (await key.Api.PostTextAsync("/v1/test/echo", $"[{new string(' ', 60_000)}]")).ShouldBeOk();
        (await key.Api.PostTextAsync("/v1/test/echo", $"[{new string(' ', 70_000)}]"))
            .ShouldBeError(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        // Nor when it does not say how long it is.
        var parts = new HttpRequestMessage(HttpMethod.Post, "/v1/test/echo")
        {
            Content = new StringContent($"[{new string(' ', 70_000)}]", new MediaTypeHeaderValue("application/json")),
        };
        parts.Headers.TransferEncodingChunked = true;
        (await key.Api.SendAsync(parts)).ShouldBeError(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        (await NoncesAsync(key.Id)).ShouldBe(2);
    }

    [Theory]
    [InlineData("/v1/test/%72efunds?a=%7E&b=%7e", "/v1/test/%72efunds?a=%7E&b=%7e", 200)]
    [InlineData("/v1/test/%72efunds?a=%7E&b=%7e", "/v1/test/refunds?a=%7E&b=%7e", 401)]
    [InlineData("/v1/test/refunds?a=%7e", "/v1/test/refunds?a=~", 401)]
    [InlineData("/v1/test/refunds?", "/v1/test/refunds", 401)]
    [InlineData("/v1/test/./refunds", "/v1/test/./refunds", 200)]
    [InlineData("/v1/test/./refunds", "/v1/test/refunds", 401)]
    public async Task What_is_signed_is_the_target_as_it_stands_in_the_request(string sent, string signed, int status)
    {
        var (_, key) = await SigningAsync();
        var (now, nonce) = (key.Api.Signer!.Now, RequestSigner.NewNonce());
        var mac = RequestSigner.MacOf(key.Api.Signer.Secret, "POST", signed, now, nonce, "", []);
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(host.Address.Host, host.Address.Port, Cancelled);
        await using var stream = client.GetStream();

        // By hand: a client writes escapes in its own way.
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST {sent} HTTP/1.1\r\nHost: {host.Address.Authority}\r\nAuthorization: Bearer {key.Key}\r\nContent-Length: 0\r\n"
                + $"Connection: close\r\n{RequestSigner.Header}: t={now},n={nonce},v1={mac}\r\n\r\n"),
            Cancelled);

        using var reader = new StreamReader(stream, Encoding.UTF8);
        (await reader.ReadToEndAsync(Cancelled)).ShouldStartWith($"HTTP/1.1 {status} ");
    }

    [Fact]
    public async Task Each_secret_of_a_key_has_its_own_signing_secret_and_they_end_together()
    {
        var (shop, first) = await SigningAsync();
        var second = shop.Signing(await shop.Owner.PostAsync(
            $"{shop.Path}/api_keys/{first.Id}/rotate", new { overlap_seconds = 60, password = Api.Password }));
        second.Api.Signer!.Secret.ShouldNotBe(first.Api.Signer!.Secret);

        (await first.Api.PostAsync(Path)).ShouldBeOk();
        (await second.Api.PostAsync(Path)).ShouldBeOk();
        var (old, present) = (host.With(first.Key), host.With(second.Key));
        (old.Signer, present.Signer) = (second.Api.Signer, first.Api.Signer);
        ShouldBeRefused(await old.PostAsync(Path), "invalid");
        ShouldBeRefused(await present.PostAsync(Path), "invalid");

        host.Clock.Advance(TimeSpan.FromSeconds(61));
        (await first.Api.PostAsync(Path)).ShouldBeError(HttpStatusCode.Unauthorized, "api_key_expired");
        (await second.Api.PostAsync(Path)).ShouldBeOk();
        (await shop.RevokeAsync(first.Id)).ShouldBeOk();
        (await second.Api.PostAsync(Path)).ShouldBeError(HttpStatusCode.Unauthorized, "api_key_revoked");
        (await NoncesAsync(first.Id)).ShouldBe(3);
    }

    [Fact]
    public async Task A_publishable_key_signs_nothing()
    {
        var shop = await Shop.OpenAsync(host);
        var made = (await shop.Owner.PostAsync(
            $"{shop.Path}/api_keys", new { kind = "publishable", name = "Page", password = Api.Password })).ShouldBeOk();
        made.Text.ShouldNotContain("signing_secret");
        var page = host.With(made.Body.GetProperty("key").GetString()!);
        (await page.GetAsync("/v1/merchant")).ShouldBeOk();

        page.Signer = new RequestSigner("", host.Clock);

        ShouldBeRefused(await page.GetAsync("/v1/merchant"), "invalid");
    }

    [Fact]
    public async Task A_key_that_lacks_the_permission_is_told_that_and_uses_up_no_nonce()
    {
        var (_, key) = await SigningAsync(new
        {
            kind = "restricted", name = "Server", permissions = new[] { "payment_sessions:write" }, password = Api.Password,
        });

        (await key.Api.PostAsync(Path)).ShouldBeError(HttpStatusCode.Forbidden, "permission_missing");
        (await NoncesAsync(key.Id)).ShouldBe(0);
        (await key.Api.PostAsync("/v1/test/sessions")).ShouldBeOk();
    }

    private static void ShouldBeRefused(Answer answer, string how, string? what = null)
    {
        answer.Status.ShouldBe(HttpStatusCode.Unauthorized, $"{what} {answer.Text}");
        answer.ShouldBeError(HttpStatusCode.Unauthorized, $"request_signature_{how}", RequestSigner.Header);
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
    }

    private async Task<(Shop Shop, (Api Api, string Id, string Key) Key)> SigningAsync(object? request = null)
    {
        var shop = await Shop.OpenAsync(host);
        return (shop, await shop.SigningAsync(request));
    }

    private static async Task<string> HeaderAsync(Api api, HttpMethod method, string path, string body, RequestSigner? signer = null)
    {
        var request = RequestOf(method, path, body);
        await (signer ?? api.Signer!).SignAsync(request);
        return request.Headers.GetValues(RequestSigner.Header).Single();
    }

    private static Task<Answer> SendAsync(
        Api api, HttpMethod method, string path, string body, string header, string? idempotencyKey = null)
    {
        var request = RequestOf(method, path, body);
        request.Headers.TryAddWithoutValidation(RequestSigner.Header, header);
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return api.SendAsync(request);
    }

    private static HttpRequestMessage RequestOf(HttpMethod method, string path, string body) => new(method, path)
    {
        Content = body.Length == 0 ? null : new StringContent(body, new MediaTypeHeaderValue("application/json")),
    };

    private async Task<long> NoncesAsync(string key)
    {
        await using var command = host.Database.DataSource.CreateCommand("SELECT count(*) FROM merchants.request_nonces WHERE key_id = $1");
        command.Parameters.AddWithValue(key);
        return (long)(await command.ExecuteScalarAsync(Cancelled))!;
    }
}
