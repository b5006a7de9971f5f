using System.Text;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys.Subjects;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>
/// Encrypts the names of users under their data keys, and opens them for what has to read them. Whoever only looks for somebody, or looks
/// at his password, has no need of it (<see cref="ContactIndex"/>).
/// </summary>
internal sealed class ContactSeal(ISubjectKeys keys)
{
    // A name moves, still encrypted, between the places where its user's names stand: from a code to his row, from his row to what undoes
    // a change, and back; and to invitations that wait for it. So it is bound to its user and its kind, and not to a column.
    private const string Table = "identity.names";

    /// <summary>A name of a user's as it is stored.</summary>
    public Task<byte[]> SealAsync(UserId user, Contact contact, CancellationToken cancellationToken) =>
        keys.SealAsync(FieldOf(user, contact.Kind), Encoding.UTF8.GetBytes(contact.Name), cancellationToken);

    /// <summary>A user's name; null where there is none, or he was erased.</summary>
    public async Task<string?> OpenAsync(UserId user, ContactKind kind, byte[]? sealedName, CancellationToken cancellationToken) =>
        sealedName is not null && await keys.OpenAsync(FieldOf(user, kind), sealedName, cancellationToken) is { } name
            ? Encoding.UTF8.GetString(name)
            : null;

    /// <summary>All names of a user; none where he was erased.</summary>
    public Task<UserNames> OpenAsync(User user, CancellationToken cancellationToken) =>
        OpenAsync(user.UserId, user.SealedEmail, user.SealedPhone, cancellationToken);

    /// <summary>Two names of a user, each as it is stored, or null.</summary>
    public async Task<UserNames> OpenAsync(UserId user, byte[]? email, byte[]? phone, CancellationToken cancellationToken)
    {
        if (email is null || phone is null)
        {
            return new UserNames(
                await OpenAsync(user, ContactKind.Email, email, cancellationToken),
                await OpenAsync(user, ContactKind.Phone, phone, cancellationToken));
        }

        SealedField[] both = [new(FieldOf(user, ContactKind.Email), email), new(FieldOf(user, ContactKind.Phone), phone)];
        return await keys.OpenAsync(both, cancellationToken) is [{ } first, { } second]
            ? new UserNames(Encoding.UTF8.GetString(first), Encoding.UTF8.GetString(second))
            : new UserNames(null, null);
    }

    private static SubjectField FieldOf(UserId user, ContactKind kind) =>
        new(user.Value, Table, Contact.NameOf(kind), IsPersonal: true);
}
