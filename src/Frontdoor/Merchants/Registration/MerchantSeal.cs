using System.Text;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys.Subjects;

namespace StellarPay.Frontdoor.Merchants.Registration;

/// <summary>Encrypts what is a merchant's own under his data key, field by field, and opens it.</summary>
internal sealed class MerchantSeal(ISubjectKeys keys)
{
    private const string Table = "merchants.merchants";
    private const string EmailColumn = "email";

    /// <summary>The fields that are encrypted and may be changed, by column.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        [MerchantForm.BusinessName, MerchantForm.Descriptor, MerchantForm.Website, MerchantForm.RegistrationNumber];

    public Task<byte[]> SealAsync(MerchantId merchant, string column, string text, CancellationToken cancellationToken) =>
        keys.SealAsync(FieldOf(merchant, column), Encoding.UTF8.GetBytes(text), cancellationToken);

    /// <summary>His address; it moves, still encrypted, from the code that proves it to his row.</summary>
    public Task<byte[]> SealAsync(MerchantId merchant, Contact email, CancellationToken cancellationToken) =>
        SealAsync(merchant, EmailColumn, email.Name, cancellationToken);

    /// <summary>His fields in the order of <see cref="Columns"/>, and then his address; null of what he has not said.</summary>
    public async Task<string?[]> OpenAsync(
        MerchantId merchant, byte[]?[] fields, byte[] email, CancellationToken cancellationToken)
    {
        (string Column, byte[]? Bytes)[] all = [.. Columns.Zip(fields), (EmailColumn, email)];
        SealedField[] given =
        [
            .. all.Where(field => field.Bytes is not null)
                .Select(field => new SealedField(FieldOf(merchant, field.Column), field.Bytes!)),
        ];
        var opened = await keys.OpenAsync(given, cancellationToken)
            ?? throw new InvalidOperationException($"The key of {merchant.Value} was destroyed.");
        var next = 0;
        return [.. all.Select(field => field.Bytes is null ? null : Encoding.UTF8.GetString(opened[next++]))];
    }

    private static SubjectField FieldOf(MerchantId merchant, string column) => new(merchant.Value, Table, column, IsPersonal: true);
}
