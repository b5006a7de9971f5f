using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>
/// Finds people by how they are named: e-mail address or phone. Only a name that is confirmed is somebody's; who has given it
/// besides is found by nobody.
/// </summary>
internal sealed class UserDirectory(IdentityDb database, ILookupNormalizer normalizer)
{
    /// <summary>The user, with everything, for a login or an administrator.</summary>
    /// <param name="email">A parsed address, or null.</param>
    /// <param name="phone">A parsed number, or null.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    public Task<User?> FindAsync(string? email, string? phone, CancellationToken cancellationToken)
    {
        // What was read before is read anew.
        database.ChangeTracker.Clear();
        return Named(email, phone).SingleOrDefaultAsync(cancellationToken);
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

    private IQueryable<User> Named(string? email, string? phone)
    {
        var users = database.Set<User>();
        if (email is null)
        {
            return users.Where(user => user.PhoneNumber == phone && user.PhoneNumberConfirmed);
        }

        var normalized = normalizer.NormalizeEmail(email);
        return users.Where(user => user.NormalizedEmail == normalized && user.EmailConfirmed);
    }
}
