using System.Text;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys.Subjects;

namespace StellarPay.Frontdoor.Merchants.People;

/// <summary>Encrypts the addresses of those who are invited, under the merchant's key, and opens them.</summary>
internal sealed class InvitationSeal(ISubjectKeys keys)
{
    public const string Prefix = "mpi_";

    private const int IdLength = 24;

    public static string NewId(TimeProvider time) =>
        Prefix + Grains.Identifiers.EventId.New(time).Value[Grains.Identifiers.EventId.Prefix.Length..];

    public static bool IsId(string text) =>
        text.Length == Prefix.Length + IdLength
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.AsSpan(Prefix.Length).IndexOfAnyExcept("0123456789abcdefghjkmnpqrstvwxyz") < 0;

    public Task<byte[]> SealAsync(MerchantId merchant, string id, string email, CancellationToken cancellationToken) =>
        keys.SealAsync(FieldOf(merchant, id), Encoding.UTF8.GetBytes(email), cancellationToken);

    public async Task<string?> OpenAsync(MerchantId merchant, string id, byte[] email, CancellationToken cancellationToken) =>
        await keys.OpenAsync(FieldOf(merchant, id), email, cancellationToken) is { } opened ? Encoding.UTF8.GetString(opened) : null;

    private static SubjectField FieldOf(MerchantId merchant, string id) =>
        new(merchant.Value, "merchants.invitations", "email", id, IsPersonal: true);
}
