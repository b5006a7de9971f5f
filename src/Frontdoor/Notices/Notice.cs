namespace StellarPay.Frontdoor.Notices;

/// <summary>What a notice is about; who may switch it off.</summary>
internal enum NoticeKind
{
    /// <summary>What was changed of the account, or tried at it. Always told.</summary>
    Security,

    /// <summary>Who came in. Always told, and counted by itself: whoever comes in often is not to have the rest kept back.</summary>
    Login,

    /// <summary>
    /// Whom he can pay by a name since. Always told, and counted by itself: a session alone brings it about, and is not to use up what he
    /// is told of what is worse.
    /// </summary>
    Recipients,

    /// <summary>
    /// What he is told of, or whom a name of his stands for, was changed. Always told, and counted by itself: an account changes that back
    /// and forth as often as it likes, and is not to use up what others are told of their factors.
    /// </summary>
    Settings,

    /// <summary>Money that was sent or has come. By preference.</summary>
    Money,

    /// <summary>
    /// What a business decided about a customer's money, told to the address that it gave for him: he need not be a user, and nothing is
    /// kept back for the hour's end.
    /// </summary>
    Customer,
}

/// <summary>Something to tell, in the words of one language.</summary>
/// <param name="Subject">What it is about.</param>
/// <param name="Text">All of it.</param>
/// <param name="Short">The same for an SMS: without addresses and names of people.</param>
internal sealed record NoticeText(string Subject, string Text, string Short);
