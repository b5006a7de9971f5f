namespace StellarPay.Frontdoor.Messages.Budgets;

/// <summary>What a message is for, as budgets count it.</summary>
internal enum MessageUse
{
    /// <summary>A code that somebody asks for, who may be a stranger.</summary>
    Code,

    /// <summary>That somebody wants to pay whoever has a name; who gets it has not asked for it.</summary>
    Invitation,

    /// <summary>That money moved.</summary>
    Money,

    /// <summary>That somebody can be paid by a name since. Apart from money and safety, of which it is to use up nothing.</summary>
    Recipients,

    /// <summary>That somebody logged in. Whoever knows a password makes many, and shall not use up what is told of the rest.</summary>
    Login,

    /// <summary>That what somebody is told of, or whom a name of his stands for, was changed: by himself, as often as he likes.</summary>
    Settings,

    /// <summary>
    /// What a business decided about a customer's money, at the address that it gave for him. It names any address that it likes: each has
    /// as few of a day as of invitations, and the business as many as a user has notices. A user of ours who paid is told in his own right.
    /// </summary>
    Customer,

    /// <summary>
    /// A business's invoice, mailed to whom it names. Counted as what customers are told is, but apart from it: that must go out before
    /// anything is decided about their money, and bills shall use up nothing of it.
    /// </summary>
    Invoice,

    /// <summary>
    /// The link by which a payer claims what is held for him, where somebody asks for it who has the link to pay. Counted apart from all
    /// that a business has customers told, and few of each session: whoever asks again and again uses up nothing else.
    /// </summary>
    RefundLink,

    /// <summary>What else concerns an account's safety. The first few of a user and day have a part of the day to themselves.</summary>
    Security,
}
