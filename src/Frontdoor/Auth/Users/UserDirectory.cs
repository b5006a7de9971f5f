using Microsoft.EntityFrameworkCore;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>
/// Finds people by how they are named: e-mail address or phone. Only a name that is confirmed is somebody's; who has given it
/// besides is found by nobody.
/// </summary>
internal sealed class UserDirectory(IdentityDb database, ContactIndex index)
{
    /// <summary>The user who has a name, for a login or an administrator.</summary>
    public async Task<User?> FindAsync(Contact contact, CancellationToken cancellationToken)
    {
        var sought = await index.OfAsync(contact, cancellationToken);
        // What was read before is read anew.
        database.ChangeTracker.Clear();
        var users = database.Set<User>();
        return await (contact.Kind == ContactKind.Email
            ? users.Where(user => user.EmailIndex == sought && user.EmailConfirmed)
            : users.Where(user => user.PhoneIndex == sought && user.PhoneNumberConfirmed)).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>The user of an id.</summary>
    public Task<User?> FindAsync(UserId id, CancellationToken cancellationToken) =>
        database.Set<User>().SingleOrDefaultAsync(user => user.Id == id.Value, cancellationToken);

    /// <summary>The user of an id as the database has him now, though he was read before.</summary>
    public Task<User?> FindFreshAsync(UserId id, CancellationToken cancellationToken)
    {
        database.ChangeTracker.Clear();
        return FindAsync(id, cancellationToken);
    }

    /// <summary>What the user may be now; someone who is gone is an ordinary user.</summary>
    public async Task<string> FindRoleAsync(UserId id, CancellationToken cancellationToken) =>
        await database.Set<User>().Where(user => user.Id == id.Value).Select(user => user.Role)
            .SingleOrDefaultAsync(cancellationToken) ?? Roles.User;
}
