using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Wallets;
using StellarPay.Grains.Results;
using StellarPay.Stellar;

namespace StellarPay.Frontdoor.Payments;

/// <summary>Finds the account of a recipient as the payer named him: e-mail, phone or address.</summary>
internal sealed class Recipients(UserDirectory directory, WalletOpener wallets)
{
    private const int MaxLength = 254;

    /// <summary>The account's address and the recipient's name in one form, or why there is none.</summary>
    public async Task<Result<Recipient>> FindAsync(string text, CancellationToken cancellationToken)
    {
        var name = text.Trim();
        if (name.Length > MaxLength)
        {
            return Unreadable();
        }

        if (AccountId.TryParse(name, out _))
        {
            return new Recipient(name, name);
        }

        string? phone = null;
        if (!EmailAddress.TryParse(name, out var email) && !PhoneNumber.TryParse(name, out phone))
        {
            return Unreadable();
        }

        if (await directory.FindIdAsync(email, phone, cancellationToken) is not { } user)
        {
            return new Error(ErrorKind.Refused, "recipient_not_found", "Nobody here has this e-mail address or phone.", "recipient");
        }

        var address = await wallets.GetAddressAsync(user);
        return address.IsSuccess ? new Recipient(address.Value, email ?? phone!) : address.Error;
    }

    private static Error Unreadable() => new(
        ErrorKind.InvalidRequest,
        "recipient_invalid",
        "'recipient' is not an e-mail address, a phone number in E.164, or an address (G…).",
        "recipient");
}

/// <summary>Who is paid.</summary>
/// <param name="Address">The account.</param>
/// <param name="Name">How the payer named him.</param>
internal sealed record Recipient(string Address, string Name);
