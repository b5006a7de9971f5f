using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>Makes users.</summary>
internal sealed class SignUp(UserManager<User> users, [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    private const string EmailKey = "users_normalized_email_key";
    private const string PhoneKey = "users_phone_number_key";

    public async Task<(User? User, Problem? Problem)> CreateAsync(Credentials credentials)
    {
        var user = new User
        {
            Id = UserId.New(time).Value,
            Email = credentials.Email,
            PhoneNumber = credentials.Phone,
            LockoutEnabled = true,
            CreatedAt = time.GetUtcNow(),
        };
        try
        {
            var result = await users.CreateAsync(user, credentials.Password);
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
