using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.Auth;

/// <summary>How someone is named and the password, after the form of both has been checked.</summary>
internal sealed record Credentials(string? Email, string? Phone, string Password)
{
    /// <summary>What the account is called.</summary>
    public string Name => Email ?? Phone!;

    /// <summary>By what it is looked for.</summary>
    public Contact Contact => Names.Of(ContactKind.Email) ?? Names.Of(ContactKind.Phone)!;

    /// <summary>The names that were given.</summary>
    public UserNames Names => new(Email, Phone);

    /// <summary>For sign-up: at least one of e-mail and phone, and a password that follows the rules.</summary>
    public static (Credentials? Credentials, Problem? Problem) ForSignUp(SignUpRequest request)
    {
        var (email, phone, problem) = ReadNames(request.Email, request.Phone);
        if (problem is not null)
        {
            return (null, problem);
        }

        if (string.IsNullOrEmpty(request.Password))
        {
            return (null, Problem.Missing("password"));
        }

        return PasswordRules.Check(request.Password, email, phone) is { } weak
            ? (null, weak)
            : (new Credentials(email, phone, request.Password), null);
    }

    /// <summary>For login: exactly one of e-mail and phone, and any password.</summary>
    public static (Credentials? Credentials, Problem? Problem) ForLogin(LoginRequest request)
    {
        var (email, phone, problem) = ReadOneName(request.Email, request.Phone);
        if (problem is not null)
        {
            return (null, problem);
        }

        return request.Password switch
        {
            null or "" => (null, Problem.Missing("password")),
            { Length: > PasswordRules.MaxLength } => (null, Problem.Invalid(
                "password_length", $"A password has at most {PasswordRules.MaxLength} characters.", "password")),
            var password => (new Credentials(email, phone, password), null),
        };
    }

    /// <summary>Exactly one of e-mail and phone.</summary>
    public static (string? Email, string? Phone, Problem? Problem) ReadOneName(string? givenEmail, string? givenPhone) =>
        !string.IsNullOrWhiteSpace(givenEmail) && !string.IsNullOrWhiteSpace(givenPhone)
            ? (null, null, Problem.Invalid("parameter_invalid", "Send one of 'email' and 'phone', not both.", "phone"))
            : ReadNames(givenEmail, givenPhone);

    private static (string? Email, string? Phone, Problem? Problem) ReadNames(string? givenEmail, string? givenPhone)
    {
        string? email = null;
        string? phone = null;
        if (!string.IsNullOrWhiteSpace(givenEmail) && !EmailAddress.TryParse(givenEmail, out email))
        {
            return (null, null, Problem.Invalid("email_invalid", "'email' is not an e-mail address.", "email"));
        }

        if (!string.IsNullOrWhiteSpace(givenPhone) && !PhoneNumber.TryParse(givenPhone, out phone))
        {
            return (null, null, Problem.Invalid(
                "phone_invalid", $"'phone' {PhoneNumber.Rule}", "phone"));
        }

        return email is null && phone is null
            ? (null, null, Problem.Invalid("parameter_missing", "Send 'email' or 'phone'.", "email"))
            : (email, phone, null);
    }
}
