using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;
using ICU4N.Impl;
using ICU4N.Text;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>
/// The domain of an e-mail address, in the form in which it is asked for (IDNA, by UTS 46, not transitional): ASCII, with
/// <c>xn--</c> where its owner's letters are others.
/// </summary>
internal static partial class MailDomain
{
    private const int MaxLength = 253;
    private const int MostTyped = 512;
    private const string AcePrefix = "xn--";

    private static readonly IDNA Idna = IDNA.GetUTS46Instance(
        UTS46Options.UseSTD3Rules | UTS46Options.CheckBiDi | UTS46Options.CheckContextJ | UTS46Options.CheckContextO
        | UTS46Options.NontransitionalToASCII | UTS46Options.NontransitionalToUnicode);

    /// <summary>Reads a domain with a dot; one in ASCII alone stays as it is typed.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out string? domain)
    {
        domain = null;
        var ascii = Ascii.IsValid(text) && !text.Contains(AcePrefix, StringComparison.OrdinalIgnoreCase) ? text : ToAscii(text);
        if (ascii is not { Length: <= MaxLength } || !Form().IsMatch(ascii))
        {
            return false;
        }

        domain = ascii;
        return true;
    }

    /// <summary>Whether a text reads in one direction from end to end (RFC 5893).</summary>
    public static bool ReadsOneWay(string text)
    {
        Span<char> read = stackalloc char[MostTyped];
        _ = Idna.TryLabelToUnicode(text, read, out _, out var info);
        return (info.Errors & (IDNAErrors.BiDi | IDNAErrors.BufferOverflow)) == 0;
    }

    private static string? ToAscii(string text)
    {
        Span<char> made = stackalloc char[MostTyped];
        if (text.Length > MostTyped || text.EnumerateRunes().Any(IsUnseen)
            || !Idna.TryNameToUnicode(text, made, out var length, out var info) || info.HasErrors)
        {
            return null;
        }

        var name = made[..length].ToString();
        return name.Split('.').All(Scripts.AreOfOneKind) && Idna.TryNameToASCII(name, made, out length, out info) && !info.HasErrors
            ? made[..length].ToString()
            : null;
    }

    // UTS 46 would drop what is not seen; joiners it keeps where a script needs them.
    private static bool IsUnseen(Rune rune) => rune.Value is not (0x200C or 0x200D) && Scripts.IsUnseen(rune);

    [GeneratedRegex(
        @"\A([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])\z",
        RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
