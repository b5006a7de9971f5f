using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Merchants.Keys;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys.Subjects;

namespace StellarPay.Frontdoor.Tests.Webhooks;

/// <summary>A merchant with a secret key, put into the database as registration leaves him.</summary>
internal sealed class TestMerchant
{
    private TestMerchant(string id, string email, Api api) => (Id, Email, Api) = (id, email, api);

    public string Id { get; }

    public string Email { get; }

    /// <summary>A client that shows his key.</summary>
    public Api Api { get; }

    public static async Task<TestMerchant> MakeAsync(FrontdoorHost host, bool isLive = false)
    {
        var cancelled = TestContext.Current.CancellationToken;
        var merchant = MerchantId.New(TimeProvider.System).Value;
        var email = FrontdoorHost.NewEmail();
        var keys = host.Services.GetRequiredService<ISubjectKeys>();
        Task<byte[]> SealAsync(string column, string text) => keys.SealAsync(
            new SubjectField(merchant, "merchants.merchants", column, IsPersonal: true), Encoding.UTF8.GetBytes(text), cancelled);

        var key = ApiKeyText.New(ApiKeyKind.Secret, isLive);
        await using var command = host.Database.DataSource.CreateCommand(
            """
            WITH made AS (
                INSERT INTO merchants.merchants (
                    id, created_by, created_at, updated_at, live, country, business_name, statement_descriptor, email, email_index,
                    email_confirmed, approved_at)
                VALUES ($1, $2, now(), now(), $3, 'DE', $4, $5, $6, sha256($7), true, now())
                RETURNING id),
            given AS (
                INSERT INTO merchants.api_keys (
                    id, merchant_id, kind, name, permissions, allowed_addresses, allowed_origins, created_by, created_at, updated_at,
                    rotated_at, last4)
                SELECT $8, id, 'secret', 'Server', '{}', '{}', '{}', $2, now(), now(), now(), $10 FROM made
                RETURNING id)
            INSERT INTO merchants.api_key_secrets (digest, key_id, shown_to) SELECT $9, id, 'usr_test' FROM given
            """);
        command.Parameters.AddWithValue(merchant);
        command.Parameters.AddWithValue(UserId.New(TimeProvider.System).Value);
        command.Parameters.AddWithValue(isLive);
        command.Parameters.AddWithValue(await SealAsync("business_name", "A shop"));
        command.Parameters.AddWithValue(await SealAsync("statement_descriptor", "A SHOP"));
        command.Parameters.AddWithValue(await SealAsync("email", email));
        command.Parameters.AddWithValue(Encoding.UTF8.GetBytes(email));
        command.Parameters.AddWithValue($"key_{Guid.NewGuid():N}"[..28]);
        command.Parameters.AddWithValue(key.Digest);
        command.Parameters.AddWithValue(key.Last4);
        await command.ExecuteNonQueryAsync(cancelled);
        var api = host.Anonymous();
        api.AccessToken = key.Reveal();
        return new TestMerchant(merchant, email, api);
    }

    /// <summary>Has a URL called, and says the endpoint's id and secret.</summary>
    public async Task<(string Id, string Secret)> ListenAsync(Uri url, params string[] events)
    {
        var made = (await Api.PostAsync("/v1/webhook_endpoints", new
        {
            url = url.OriginalString, enabled_events = events.Length > 0 ? events : ["payment_session.*"],
        })).ShouldBeOk().Body;
        return (made.GetProperty("id").GetString()!, made.GetProperty("secret").GetString()!);
    }

    public async Task<JsonElement> EndpointAsync(string id) => (await Api.GetAsync($"/v1/webhook_endpoints/{id}")).ShouldBeOk().Body;

    /// <summary>How the calls of an endpoint went, the first one first.</summary>
    public async Task<JsonElement[]> DeliveriesAsync(string id) =>
    [
        .. (await Api.GetAsync($"/v1/webhook_endpoints/{id}/deliveries?limit=100")).ShouldBeOk().Body.GetProperty("data").EnumerateArray().Reverse(),
    ];
}
