using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using StellarPay.Grains.Keys;

namespace StellarPay.Adapters.KeyVault;

/// <summary>
/// The three operations of Key Vault's REST API that wrapping needs. Azure.Core repeats what failed in passing and waits
/// as long as the vault asks, within the deadline.
/// </summary>
internal sealed class KeyVaultClient(TokenCredential credential, KeyVaultClientOptions options, TimeProvider time)
{
    private const string ApiVersion = "7.4";
    private const string Algorithm = "RSA-OAEP-256";

    private readonly HttpPipeline _pipeline = HttpPipelineBuilder.Build(options, new KeyVaultAuthentication(credential));

    private delegate T Reader<out T>(ReadOnlySpan<byte> json);

    /// <summary>A key's public part; without a version the newest.</summary>
    public Task<KeyVaultKey> GetKeyAsync(KeyVaultKeyId id, CancellationToken cancellationToken) =>
        SendAsync(RequestMethod.Get, id.Vault, id.Path, null, KeyVaultJson.ReadKey, cancellationToken);

    /// <summary>Encrypts a data key under a version of a key.</summary>
    public async Task<WrappedKey> WrapAsync(KeyVaultKeyId id, ReadOnlyMemory<byte> dataKey, CancellationToken cancellationToken) =>
        new(id.ToString(), await OperateAsync(id, "wrapkey", dataKey, cancellationToken));

    /// <summary>Decrypts a data key. The caller wipes it.</summary>
    public Task<byte[]> UnwrapAsync(KeyVaultKeyId id, ReadOnlyMemory<byte> wrapped, CancellationToken cancellationToken) =>
        OperateAsync(id, "unwrapkey", wrapped, cancellationToken);

    private async Task<byte[]> OperateAsync(
        KeyVaultKeyId id, string operation, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        var body = KeyVaultJson.OperationBody(Algorithm, value.Span);
        try
        {
            var (keyId, result) = await SendAsync(
                RequestMethod.Post, id.Vault, $"{id.Path}/{operation}", body, KeyVaultJson.ReadOperation, cancellationToken);
            if (KeyVaultKeyId.TryParse(keyId, out var used) && used.IsSameVersionAs(id))
            {
                return result;
            }

            CryptographicOperations.ZeroMemory(result);
            throw new KeyVaultException($"Key Vault was asked to use the key {id} and used another.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    private async Task<T> SendAsync<T>(
        RequestMethod method, Uri vault, string path, byte[]? body, Reader<T> read, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.Deadline, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        using var message = _pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(new Uri(vault, path));
        message.Request.Uri.AppendQuery("api-version", ApiVersion);
        message.Request.Headers.Add(HttpHeader.Common.JsonAccept);
        if (body is not null)
        {
            message.Request.Headers.Add(HttpHeader.Common.JsonContentType);
            message.Request.Content = RequestContent.Create(body);
        }

        var what = $"{method.Method} {vault.Host}/{path}";
        try
        {
            await _pipeline.SendAsync(message, both.Token);
        }
        catch (AuthenticationFailedException e)
        {
            throw new KeyVaultException($"There is no Azure identity that Key Vault takes: {e.Message}", 0, e);
        }
        catch (Exception e) when (e is OperationCanceledException or Azure.RequestFailedException or AggregateException
            or HttpRequestException or IOException)
        {
            // A call that is cut off may end as one that failed, so what counts is who cut it off, and not how it ended.
            cancellationToken.ThrowIfCancellationRequested();
            throw new KeyVaultException(
                deadline.IsCancellationRequested
                    ? $"Key Vault did not answer in time to {what}."
                    : $"Key Vault gave no answer to {what}: {FirstOf(e).Message}",
                0, e);
        }

        return Read(message.Response, what, read);
    }

    private static T Read<T>(Azure.Response response, string what, Reader<T> read)
    {
        var content = response.Content.ToMemory();
        try
        {
            if (response.Status == 200)
            {
                return read(content.Span);
            }

            var code = KeyVaultJson.ErrorCodeOf(content.Span) ?? "no code";
            throw new KeyVaultException($"Key Vault answered {response.Status} ({code}) to {what}.", response.Status);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not with its message: that may quote the answer.
            throw new KeyVaultException($"Key Vault answered {what} with something that is not an answer ({e.GetType().Name}).");
        }
        finally
        {
            if (MemoryMarshal.TryGetArray(content, out var buffer))
            {
                CryptographicOperations.ZeroMemory(buffer);
            }
        }
    }

    private static Exception FirstOf(Exception e) => e is AggregateException { InnerExceptions: [var first, ..] } ? first : e;
}
