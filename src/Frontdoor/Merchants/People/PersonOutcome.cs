using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Registration;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Merchants.People;

/// <summary>Why a change of a merchant's people was refused, where that is about people.</summary>
internal static class PersonOutcome
{
    public static Problem NoPerson { get; } =
        Problem.Of(new Error(ErrorKind.NotFound, "person_not_found", "There is nobody like that at this business."));

    public static Problem WrongCode { get; } = Problem.Of(new Error(
        ErrorKind.Refused, "invitation_code_invalid",
        "This is not such a code, or it holds no more: it holds seven days, once, for whoever has confirmed the address that was invited.",
        "code"));

    /// <summary>Null where it was done.</summary>
    public static Problem? Explain(string outcome, int mostPeople) => outcome switch
    {
        "done" => null,
        "no_person" => NoPerson,
        "wrong" => WrongCode,
        "last_owner" => Problem.Of(new Error(
            ErrorKind.Conflict, "last_owner", "A business has an owner. Make somebody else its owner first.")),
        "already" => Problem.Of(new Error(
            ErrorKind.Conflict, "person_exists", "Whoever has this address is of this business already.", "email")),
        "invited" => Problem.Of(new Error(
            ErrorKind.Conflict, "person_invited", "This address is invited already. Take that invitation back first.", "email")),
        _ => MerchantOutcomes.Explain(MerchantOutcomes.Read(outcome), new Error(
            ErrorKind.Refused, "too_many_people", $"A business can have {mostPeople} people, those who are invited included.")),
    };
}
