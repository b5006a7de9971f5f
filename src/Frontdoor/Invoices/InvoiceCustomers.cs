using System.Security.Cryptography;
using System.Text;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>
/// Customers' e-mail addresses as they are looked for: keyed hashes, others for each merchant, so that nobody who reads the database learns
/// whom two merchants have in common.
/// </summary>
internal sealed class InvoiceCustomers(byte[] secret)
{
    private const int Bytes = 16;

    private readonly byte[] _key = TokenSecret.DeriveKey(secret, "stellarpay/invoices/customers/v1"u8);

    /// <summary>The hash of an address; null of none.</summary>
    public string? Of(MerchantId merchant, string? email) => email is null
        ? null
        : Convert.ToHexStringLower(
            HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{merchant.Value} {email.ToUpperInvariant()}")).AsSpan(0, Bytes));
}
