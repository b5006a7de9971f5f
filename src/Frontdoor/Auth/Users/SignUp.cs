using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using StellarPay.Frontdoor.Auth.Passwords;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>Makes users.</summary>
internal sealed class SignUp(UserManager<User> users, PasswordQueue queue, [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    private const string EmailKey = "users_normalized_email_key";
    private const string PhoneKey = "users_phone_number_key";

    public async Task<(User? User, Problem? Problem)> CreateAsync(
        Credentials credentials, ClientAddress address, CancellationToken cancellationToken)
    {
        var (turn, refused) = await queue.EnterAsync(address, credentials.Name, cancellationToken);
        if (turn is null)
        {
            return (null, refused);
        }

        var user = new User
        {
            Id = UserId.New(time).Value,
            Email = credentials.Email,
            PhoneNumber = credentials.Phone,
            LockoutEnabled = true,
            CreatedAt = time.GetUtcNow(),
        };
        using (turn)
        {
            user.PasswordHash = await turn.HashAsync(() => users.PasswordHasher.HashPassword(user, credentials.Password));
        }

        try
        {
            var result = await users.CreateAsync(user);
            SignUpTelemetry.Ended(result.Succeeded ? "created" : "refused");
            return result.Succeeded
                ? (user, null)
                : throw new InvalidOperationException(
                    $"Identity refused a user that had been checked: {string.Join(", ", result.Errors.Select(e => e.Code))}.");
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } taken
            && taken.ConstraintName is EmailKey or PhoneKey)
        {
            // The index decides, so that of two at once only one gets the name.
            SignUpTelemetry.Ended("taken");
            var name = ((PostgresException)e.InnerException!).ConstraintName == EmailKey ? "email" : "phone";
            return (null, Problem.Of(new Error(
                ErrorKind.Conflict, $"{name}_taken", $"There is an account with this {name} already.", name)));
        }
    }
}
