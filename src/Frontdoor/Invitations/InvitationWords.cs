using StellarPay.Frontdoor.Messages;

namespace StellarPay.Frontdoor.Invitations;

/// <summary>
/// What somebody is told for whom money waits, in the language of who sends it. No link, and of the sender's words his name alone
/// (<see cref="SenderName"/>): whoever wants to write to strangers does so elsewhere.
/// </summary>
internal static class InvitationWords
{
    /// <summary>The message.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="channel">By what it goes.</param>
    /// <param name="to">The name that is invited.</param>
    /// <param name="sender">The sender's name as a stranger may read it; null for none.</param>
    /// <param name="amount">The amount with its asset.</param>
    /// <param name="days">For how many days the name can be confirmed.</param>
    /// <param name="language">The sender's language tag, or null.</param>
    public static Message Of(string id, MessageChannel channel, string to, string? sender, string amount, int days, string? language)
    {
        var german = language?.Split('-')[0] == "de";
        var what = channel == MessageChannel.Email ? german ? "dieser E-Mail-Adresse" : "this e-mail address"
            : german ? "dieser Telefonnummer" : "this phone number";
        var who = sender ?? (german ? "Jemand" : "Somebody");
        var (subject, text, brief) = german
            ? ($"{who} möchte Ihnen {amount} senden",
                $"{who} möchte Ihnen mit StellarPay {amount} senden. Der Betrag ist für Sie zurückgelegt. Er gehört Ihnen, wenn Sie sich "
                + $"bei StellarPay mit {what} anmelden und sie innerhalb von {days} Tagen bestätigen.\n\n"
                + "Wenn Sie nichts tun, geht der Betrag zurück. Niemand von StellarPay wird Sie nach einem Passwort oder Code fragen.\n",
                $"StellarPay: {who} möchte Ihnen {amount} senden. Melden Sie sich innerhalb von {days} Tagen mit {what} an, um sie zu erhalten.")
            : ($"{who} wants to send you {amount}",
                $"{who} wants to send you {amount} with StellarPay. The amount is set aside for you. It is yours if you sign up to StellarPay "
                + $"with {what} and confirm it within {days} days.\n\n"
                + "If you do nothing the amount goes back. Nobody of StellarPay will ask you for a password or a code.\n",
                $"StellarPay: {who} wants to send you {amount}. Sign up with {what} within {days} days to get it.");
        return new Message(id, channel, to, subject, channel == MessageChannel.Sms ? brief : text, Code: null);
    }
}
