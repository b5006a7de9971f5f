using System.Text;
using ICU4N.Text;
using StellarPay.Frontdoor.Characters;
using StellarPay.Frontdoor.Recipients;

namespace StellarPay.Frontdoor.Contacts;

/// <summary>
/// What a user calls a contact. Whoever is paid by it must not depend on what cannot be seen of it: two that look alike are one, by
/// <c>identity.contact_name_form</c>.
/// </summary>
internal static class Nickname
{
    public const int MaxLength = 40;

    // Symbols by their category, of which nothing is drawn.
    private const int BrailleBlank = 0x2800;
    private const int NullNotehead = 0x1D159;

    /// <summary>
    /// Reads a nickname, or null. What can be read as a name of another kind, or begins like one, is none, be it in wide letters: whoever
    /// is paid by it must not depend on what a user called whom.
    /// </summary>
    public static string? Read(string? typed)
    {
        var name = typed?.Trim();
        if (name is null or "" || name.Length > MaxLength || !name.EnumerateRunes().All(MayStand))
        {
            return null;
        }

        var seen = string.Concat(name.EnumerateRunes().Where(rune => !Joins(rune)));
        var compared = Normalizer2.NFKCInstance.Normalize(seen).Trim();
        return compared.Length == 0 || IsLikeAnother(name) || IsLikeAnother(compared) ? null : name;
    }

    // Flags of regions (tags) are not: whole texts can be written in what they are made of.
    private static bool MayStand(Rune rune) =>
        Joins(rune)
        || (Character.IsShown(rune) && rune != Rune.ReplacementChar && !IsIgnorable(rune)
            && rune.Value is not (BrailleBlank or NullNotehead));

    // What is not seen itself and says how its neighbours are drawn: names and emoji are spelt with it, so it may stand, anywhere, since in
    // comparing nicknames it counts for nothing. The same characters are in identity.contact_name_form.
    private static bool Joins(Rune rune) => rune.Value
        is 0x034F or (>= 0x180B and <= 0x180D) or 0x180F or 0x200C or 0x200D or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);

    // Fillers and the like, some of which are letters.
    private static bool IsIgnorable(Rune rune) => Normalizer2.NFKCCaseFoldInstance.Normalize(rune.ToString()).Length == 0;

    private static bool IsLikeAnother(string name) =>
        name[0] is '@' or '+' || name.StartsWith(Contact.Prefix, StringComparison.Ordinal) || name.Contains('*', StringComparison.Ordinal)
        || RecipientName.Read(name) is not null;
}
