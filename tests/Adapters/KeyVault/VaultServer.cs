using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace StellarPay.Adapters.Tests.KeyVault;

/// <summary>
/// Speaks Key Vault's protocol on a free port, over TLS as wallets.vault.test: the challenge, key versions, RSA-OAEP-256
/// with real keys, and its errors. <see cref="Next"/> puts failures before it.
/// </summary>
internal sealed class VaultServer : IAsyncDisposable
{
    public const string Host = "wallets.vault.test";
    public const string KeyUrl = $"https://{Host}/keys/kek";

    // Making keys takes long, and no test needs its own. Made here and not within a request, which has a time limit.
    private static readonly RSA[] Keys = [NewKey(), NewKey()];
    private static readonly X509Certificate2 Certificate = NewCertificate();

    private readonly WebApplication _app;

    private VaultServer(WebApplication app) => _app = app;

    public List<VaultKey> Versions { get; } = [new("11111111111111111111111111111111", Keys[0])];

    public ConcurrentQueue<VaultRequest> Requests { get; } = [];

    /// <summary>What is answered to the next requests that come with a token, one each, instead of the usual.</summary>
    public ConcurrentQueue<Func<HttpContext, Task>> Next { get; } = [];

    /// <summary>The same for requests that come without one.</summary>
    public ConcurrentQueue<Func<HttpContext, Task>> NextWithoutToken { get; } = [];

    public string Challenge { get; set; } =
        "Bearer authorization=\"https://login.microsoftonline.com/7e57ab1e-0000-0000-0000-000000000000\", resource=\"https://vault.test\"";

    public string Token { get; set; } = FakeCredential.Token;

    public static async Task<VaultServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(Certificate)));
        var app = builder.Build();
        var server = new VaultServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public VaultKey Rotate()
    {
        var key = new VaultKey($"{Versions.Count + 1}".PadLeft(32, '2'), Keys[Versions.Count % Keys.Length]);
        Versions.Add(key);
        return key;
    }

    /// <summary>A way to the server that looks up no name and trusts its certificate and no other.</summary>
    public SocketsHttpHandler NewHandler() => new()
    {
        AllowAutoRedirect = false,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, new Uri(_app.Urls.Single()).Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                certificate?.GetCertHashString() == Certificate.GetCertHashString(),
        },
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    public static Task FailAsync(HttpContext context, int status, string code, string? inner = null) =>
        JsonAsync(context, status, new { error = new { code, message = "Secret-looking words.", innererror = inner is null ? null : new { code = inner } } });

    public static Task JsonAsync(HttpContext context, int status, object body)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(body);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var authorization = context.Request.Headers.Authorization.ToString();
        Requests.Enqueue(new VaultRequest(
            context.Request.Method, context.Request.Path, context.Request.QueryString.Value!, authorization, body));
        if (authorization.Length == 0 && NextWithoutToken.TryDequeue(out var first))
        {
            await first(context);
        }
        else if (authorization != $"Bearer {Token}")
        {
            context.Response.Headers.WWWAuthenticate = Challenge;
            await FailAsync(context, 401, "Unauthorized");
        }
        else if (Next.TryDequeue(out var next))
        {
            await next(context);
        }
        else if (context.Request.Query["api-version"] != "7.4")
        {
            await FailAsync(context, 400, "BadParameter");
        }
        else
        {
            await ServeAsync(context, context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries), body);
        }
    }

    private Task ServeAsync(HttpContext context, string[] path, string body)
    {
        var get = context.Request.Method == "GET";
        var key = path is ["keys", "kek", ..]
            ? path.Length == 2 ? Versions[^1] : Versions.Find(version => version.Version == path[2])
            : null;
        return (key, path) switch
        {
            (null, _) => FailAsync(context, 404, "KeyNotFound"),
            ({ }, { Length: 2 or 3 }) when get => JsonAsync(context, 200, Bundle(key)),
            ({ Enabled: false }, _) => FailAsync(context, 403, "Forbidden", "KeyDisabled"),
            ({ }, [_, _, _, "wrapkey" or "unwrapkey"]) when !get => OperateAsync(context, key, path[3], body),
            _ => FailAsync(context, 405, "BadMethod"),
        };
    }

    private static Task OperateAsync(HttpContext context, VaultKey key, string operation, string body)
    {
        using var json = JsonDocument.Parse(body);
        var value = Base64Url.DecodeFromChars(json.RootElement.GetProperty("value").GetString());
        if (json.RootElement.GetProperty("alg").GetString() != "RSA-OAEP-256" || context.Request.ContentType != "application/json")
        {
            return FailAsync(context, 400, "BadParameter");
        }

        try
        {
            byte[] result;
            lock (key.Rsa)
            {
                result = operation == "wrapkey"
                    ? key.Rsa.Encrypt(value, RSAEncryptionPadding.OaepSHA256)
                    : key.Rsa.Decrypt(value, RSAEncryptionPadding.OaepSHA256);
            }

            return JsonAsync(context, 200, new { kid = $"{KeyUrl}/{key.Version}", value = Base64Url.EncodeToString(result) });
        }
        catch (CryptographicException)
        {
            return FailAsync(context, 400, "BadParameter");
        }
    }

    private static object Bundle(VaultKey key) => new
    {
        key = new { kid = $"{KeyUrl}/{key.Version}", kty = key.Type, key_ops = key.Operations, n = "AQAB", e = "AQAB" },
        attributes = new { enabled = key.Enabled, created = 1_700_000_000, updated = 1_700_000_000 },
    };

    private static RSA NewKey()
    {
        // RSA makes its numbers when they are first asked for.
        var key = RSA.Create(2048);
        key.ExportParameters(includePrivateParameters: false);
        return key;
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, default), new DateTimeOffset(2100, 1, 1, 0, 0, 0, default));
    }
}

/// <summary>What came in.</summary>
internal sealed record VaultRequest(string Method, string Path, string Query, string Authorization, string Body);
