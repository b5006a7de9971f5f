using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Door;

/// <summary>Answers are compressed but for those with secrets, and what is polled is not sent twice.</summary>
[Collection<WireCollection>]
public sealed class EncodingTests(FrontdoorHost host)
{
    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Json_and_pages_are_compressed_for_whoever_asks(string encoding)
    {
        var api = await host.SignUpAsync();
        foreach (var path in (string[])["/v1/wallet", "/openapi/v1.json", "/docs/index.html"])
        {
            var answer = (await AskAsync(api, path, encoding)).ShouldBeOk();
            answer.ContentHeaders.ContentEncoding.ShouldBe([encoding], path);
            answer.Headers.Vary.ShouldContain("Accept-Encoding", path);
            Read(answer.Bytes, encoding).ShouldBe((await AskAsync(api, path, "identity")).ShouldBeOk().Text, path);
        }
    }

    [Fact]
    public async Task What_holds_tokens_is_never_compressed()
    {
        var api = await host.SignUpAsync();
        foreach (var (path, body) in ((string, object)[])
        [
            ("/v1/auth/signup", new { email = FrontdoorHost.NewEmail(), password = Api.Password }),
            ("/v1/auth/login", new { email = api.Email, password = Api.Password }),
            ("/v1/auth/login", new { email = api.Email, password = "wrong" }),
            ("/v1/auth/refresh", new { refresh_token = api.RefreshToken }),
        ])
        {
            var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
            request.Headers.Add("Accept-Encoding", "br, gzip");
            var answer = await host.Anonymous().SendAsync(request);
            answer.ContentHeaders.ContentEncoding.ShouldBeEmpty(path);
            answer.Body.ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Object);
        }

        var negotiate = new HttpRequestMessage(HttpMethod.Post, "/hubs/live/negotiate?negotiateVersion=1");
        negotiate.Headers.Add("Accept-Encoding", "br, gzip");
        var told = (await api.SendAsync(negotiate)).ShouldBeOk();
        told.ContentHeaders.ContentEncoding.ShouldBeEmpty();
        told.Text.ShouldContain("connectionToken");
    }

    [Fact]
    public async Task What_is_polled_and_has_not_changed_is_not_sent_again()
    {
        var api = await host.SignUpAsync();
        var quote = await api.PostAsync("/v1/payments", new { recipient = FakeWallet.Usdc.Issuer, asset = "USDC", amount = "1" });
        var id = quote.ShouldBeOk().Body.GetProperty("id").GetString();
        foreach (var path in (string[])["/v1/wallet", $"/v1/payments/{id}", "/v1/wallet/transactions", "/v1/me", "/v1/contacts"])
        {
            var first = (await api.GetAsync(path)).ShouldBeOk();
            var tag = first.Headers.ETag!.ToString();
            tag.ShouldStartWith("W/\"", customMessage: path);
            foreach (var known in (string[])[tag, tag[2..], $"\"other\", {tag}", "*"])
            {
                var again = await AskIfAsync(api, path, known);
                again.Status.ShouldBe(HttpStatusCode.NotModified, path);
                again.Bytes.ShouldBeEmpty();
                again.Headers.ETag!.ToString().ShouldBe(tag);
                again.Headers.CacheControl!.NoStore.ShouldBeTrue();
            }

            foreach (var unknown in (string[])["\"other\"", "nonsense", "\"", ""])
            {
                (await AskIfAsync(api, path, unknown)).ShouldBeOk().Text.ShouldBe(first.Text);
            }
        }
    }

    [Fact]
    public async Task What_has_changed_is_sent_and_no_tag_tells_of_another_s()
    {
        var (api, other) = (await host.SignUpAsync(), await host.SignUpAsync());
        var tag = (await api.GetAsync("/v1/wallet")).ShouldBeOk().Headers.ETag!.ToString();
        (await AskIfAsync(other, "/v1/wallet", tag)).ShouldBeOk();
        (await AskIfAsync(host.Anonymous(), "/v1/wallet", tag)).ShouldBeError(HttpStatusCode.Unauthorized, "unauthenticated");
        (await api.PostAsync("/v1/wallet/friendbot")).ShouldBeOk();
        var changed = (await AskIfAsync(api, "/v1/wallet", tag)).ShouldBeOk();
        changed.Headers.ETag!.ToString().ShouldNotBe(tag);
        (await AskIfAsync(api, "/v1/payments/txn_000000000000000000000000", "*")).ShouldBeError(HttpStatusCode.NotFound, "payment_not_found");
        (await api.PostAsync("/v1/wallet/friendbot")).Headers.ETag.ShouldBeNull("only what is read has one");
    }

    private static Task<Answer> AskAsync(Api api, string path, string encoding)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept-Encoding", encoding);
        return api.SendAsync(request);
    }

    private static Task<Answer> AskIfAsync(Api api, string path, string tag)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        return api.SendAsync(request);
    }

    private static string Read(byte[] bytes, string encoding)
    {
        using var packed = new MemoryStream(bytes);
        using Stream stream = encoding == "br"
            ? new BrotliStream(packed, CompressionMode.Decompress)
            : new GZipStream(packed, CompressionMode.Decompress);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
