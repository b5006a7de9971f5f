namespace StellarPay.Stellar.Horizon.Json;

/// <summary>JSON as Horizon writes it, which can become the typed record that the client returns.</summary>
internal interface IHorizonJson<out TRecord>
{
    /// <exception cref="System.Text.Json.JsonException">A field is missing or not what it should be.</exception>
    TRecord ToRecord();
}
