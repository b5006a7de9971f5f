using System.Text.Json;
using StellarPay.Sandbox.Network;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Running;

/// <summary>A sandbox in this process, used through its HTTP API; a ledger closes for each transaction.</summary>
internal sealed class TestSandbox : IAsyncDisposable
{
    private readonly SandboxHost _host;

    private TestSandbox(SandboxHost host)
    {
        _host = host;
        Http = new HttpClient { BaseAddress = host.BaseAddress };
    }

    public HttpClient Http { get; }

    public SandboxNetwork Network => _host.Network;

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<TestSandbox> StartAsync(Action<SandboxOptions>? configure = null, TimeProvider? time = null)
    {
        var options = new SandboxOptions { Port = 0, CloseInterval = TimeSpan.Zero };
        configure?.Invoke(options);
        return new TestSandbox(await SandboxHost.StartAsync(options, time, _ => { }, Stop));
    }

    public async Task<(int Status, JsonElement Body)> GetAsync(string path) =>
        await ReadAsync(await Http.GetAsync(path, Stop));

    /// <summary>An object that must be there.</summary>
    public async Task<JsonElement> GetOkAsync(string path)
    {
        var (status, body) = await GetAsync(path);
        status.ShouldBe(200, $"{path}: {body}");
        return body;
    }

    /// <summary>The records of a list.</summary>
    public async Task<List<JsonElement>> ListAsync(string path) => Records(await GetOkAsync(path));

    public static List<JsonElement> Records(JsonElement page) =>
        [.. page.GetProperty("_embedded").GetProperty("records").EnumerateArray()];

    public async Task<(int Status, JsonElement Body)> PostAsync(string path, object body) =>
        await ReadAsync(await Http.PostAsync(path, JsonContent(body), Stop));

    public async Task<SigningKey> FundAsync()
    {
        var key = SigningKey.Generate();
        await GetOkAsync($"friendbot?addr={key.AccountId}");
        return key;
    }

    public Task<(int Status, JsonElement Body)> SubmitAsync(SigningKey source, params OperationBody[] operations) =>
        PostTransactionAsync(Sign(source, operations).ToXdrBase64());

    public async Task<JsonElement> SubmitOkAsync(SigningKey source, params OperationBody[] operations)
    {
        var (status, body) = await SubmitAsync(source, operations);
        status.ShouldBe(200, body.ToString());
        return body;
    }

    public async Task<(int Status, JsonElement Body)> PostTransactionAsync(
        string envelope, string path = "transactions") =>
        await ReadAsync(await Http.PostAsync(
            path, new FormUrlEncodedContent([new("tx", envelope)]), Stop));

    public TransactionV1Envelope Sign(SigningKey source, params OperationBody[] operations)
    {
        var builder = new TransactionBuilder(source.AccountId, NextSequence(source.AccountId)).WithoutTimeBounds();
        foreach (var operation in operations)
        {
            builder.Add(operation);
        }

        return builder.Build().Sign(Network.Identity, source);
    }

    public long NextSequence(AccountId account) =>
        Network.Read(uint.MaxValue, state => state.Account(account)!.Sequence) + 1;

    /// <summary>Stops the sandbox, and leaves its client to hear of it.</summary>
    public ValueTask StopAsync() => _host.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.DisposeAsync();
    }

    private static StringContent JsonContent(object body) =>
        new(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");

    private static async Task<(int Status, JsonElement Body)> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(Stop);
            return ((int)response.StatusCode, JsonSerializer.Deserialize<JsonElement>(text));
        }
    }
}
