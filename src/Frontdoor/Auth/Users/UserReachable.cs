using Microsoft.AspNetCore.Identity;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>Takes the place of Identity's rule that every user has a name: ours have an e-mail address or a phone.</summary>
internal sealed class UserReachable : IUserValidator<User>
{
    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user) =>
        Task.FromResult(user.EmailIndex is null && user.PhoneIndex is null
            ? IdentityResult.Failed(new IdentityError { Code = "Unreachable", Description = "A user has an e-mail address or a phone." })
            : IdentityResult.Success);
}
