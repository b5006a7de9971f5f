using System.Globalization;
using StellarPay.Chaos.Plan;

namespace StellarPay.Chaos.Clients.Shops;

/// <summary>A merchant with a key, and a server of its own that is told what happens.</summary>
/// <param name="number">Which, from 0 on.</param>
/// <param name="seed">What the server's whims are drawn from.</param>
/// <param name="frontDoor">Where the front door is.</param>
/// <param name="log">Where answers are written down.</param>
internal sealed class ChaosShop(int number, int seed, Uri frontDoor, ObservationLog log) : IAsyncDisposable
{
    /// <summary>The observations' numbers of merchants begin here.</summary>
    public const int FirstNumber = 10_000;

    private const string Merchants = "/v1/merchants";
    private const string Endpoints = "/v1/webhook_endpoints";
    private static readonly string[] Told = ["payment_session.*", "payment.success", "unmatched_receipt.*", "*"];
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);

    private readonly ChaosConnection _connection = new(FirstNumber + number, frontDoor, log);

    public int Number => number;

    public string Id { get; private set; } = "";

    /// <summary>Its account on the ledger.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Its webhook endpoint.</summary>
    public string Endpoint { get; private set; } = "";

    /// <summary>A test clock that nobody moves: what is made under it ends in no run, whatever day the network has.</summary>
    public string Clock { get; private set; } = "";

    public ShopReceiver Receiver { get; } = new(unchecked(seed + number));

    /// <summary>Is registered by a user, given a key and an account, and has its server called, which takes its first call.</summary>
    public async Task PrepareAsync(ChaosUser owner, CancellationToken cancellationToken)
    {
        Id = Required(
            await owner.PostAsync(
                Merchants,
                new { business_name = $"Shop {number}", email = owner.Email, country = "GB", statement_descriptor = "CHAOS SHOP" },
                null, cancellationToken),
            "id");
        _connection.Token = Required(
            await owner.PostAsync(
                $"{Merchants}/{Id}/api_keys", new { kind = "secret", name = "Chaos", password = owner.Password }, null, cancellationToken),
            "key");
        while (await GetAsync("/v1/merchant/account", cancellationToken) is var account && account?.Text("status") != "active")
        {
            await Task.Delay(LookEvery, cancellationToken);
        }

        Address = Required(await GetAsync("/v1/merchant/account", cancellationToken), "address");
        await Receiver.SetAsync(ReceiverMode.Takes);
        var endpoint = await PostAsync(Endpoints, new { url = Receiver.Address, enabled_events = Told }, null, cancellationToken);
        Receiver.Secret = new WebhookSecret(Required(endpoint, "secret"));
        Endpoint = Required(endpoint, "id");
        if ((await PostAsync($"{Endpoints}/{Endpoint}/test", null, null, cancellationToken))?.Text("outcome") != "succeeded")
        {
            throw new ChaosException($"The server of shop {number} was not called.");
        }

        // After the endpoint, which is told of all that it hears from then on.
        Clock = await NewClockAsync("stands", cancellationToken) ?? throw new ChaosException($"Shop {number} has no clock.");
    }

    /// <summary>Makes a test clock that stands at this moment; null where that was refused.</summary>
    public async Task<string?> NewClockAsync(string name, CancellationToken cancellationToken) => (await PostAsync(
        "/v1/test_helpers/test_clocks", new { frozen_time = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), name }, null,
        cancellationToken))?.Text("id");

    /// <summary>Has all that happened sent once more.</summary>
    public Task<Answer?> ReplayAsync(CancellationToken cancellationToken) =>
        PostAsync($"{Endpoints}/{Endpoint}/replay", new { from_time = 0 }, null, cancellationToken);

    public Task<Answer?> GetAsync(string path, CancellationToken cancellationToken) =>
        _connection.InsistAsync(HttpMethod.Get, path, null, null, cancellationToken);

    /// <summary>Posts until there is an answer that does not ask to come back.</summary>
    public Task<Answer?> PostAsync(string path, object? body, string? key, CancellationToken cancellationToken) =>
        _connection.InsistAsync(HttpMethod.Post, path, body, key, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Receiver.DisposeAsync();
        _connection.Dispose();
    }

    private string Required(Answer? answer, string name) => answer is { IsSuccess: true } && answer.Text(name) is { } text
        ? text
        : throw new ChaosException(string.Create(
            CultureInfo.InvariantCulture, $"Shop {number} got no {name}: {answer?.Status} {answer?.Error}."));
}
