namespace StellarPay.Frontdoor.Checkout.Page;

/// <summary>All that the page shows, as it shows it.</summary>
/// <param name="Texts">Its language.</param>
/// <param name="Assets">Where its style and script are.</param>
/// <param name="State">The name of its state, or <c>none</c> where there is no session.</param>
/// <param name="Heading">What it is, in a line.</param>
/// <param name="Sentences">What is to be known.</param>
public sealed record CheckoutPageModel(
    CheckoutTexts Texts, CheckoutPageAssets Assets, string State, string Heading, IReadOnlyList<string> Sentences)
{
    /// <summary>Another one whenever something else is shown; by it scripts know whether the page is to be renewed.</summary>
    public string? Version { get; init; }

    /// <summary>What the page is called; null where that is whom it pays.</summary>
    public string? Title { get; init; }

    /// <summary>What the merchant is called; empty where there is no session.</summary>
    public string MerchantName { get; init; } = "";

    /// <summary>The merchant's colour, <c>#rrggbb</c>; null for ours.</summary>
    public string? BrandColor { get; init; }

    /// <summary>Where the merchant's logo is; null for none.</summary>
    public string? Logo { get; init; }

    /// <summary>Whether no real money is moved.</summary>
    public bool IsTest { get; init; }

    /// <summary>The price, with its currency.</summary>
    public string? Price { get; init; }

    /// <summary>What is sold, or null.</summary>
    public string? Description { get; init; }

    /// <summary>What is sold, one by one.</summary>
    public IReadOnlyList<string> Items { get; init; } = [];

    /// <summary>Names and values of what stands at an invoice's head.</summary>
    public IReadOnlyList<(string Name, string Value)> Facts { get; init; } = [];

    /// <summary>What stands at an invoice's foot, or null.</summary>
    public string? Footer { get; init; }

    /// <summary>What makes a session of a payment link or an invoice; null where nothing does.</summary>
    public LinkFormModel? Form { get; init; }

    /// <summary>What is to be paid now; null where nothing is.</summary>
    public CheckoutPayModel? Pay { get; init; }

    /// <summary>A step on the way to a payment from a wallet here; null on other pages.</summary>
    public CheckoutWalletModel? Wallet { get; init; }

    /// <summary>Whether it is to be looked at again though nothing is told of the session: a payment to it is under way.</summary>
    public bool Follows { get; init; }

    /// <summary>Names and values of a receipt.</summary>
    public IReadOnlyList<(string Name, string Value)> Receipt { get; init; } = [];

    /// <summary>Where the payer goes next, and how that is called; null where nowhere.</summary>
    public (string Url, string Text)? Next { get; init; }

    /// <summary>What is held for payers, and what has become of it; empty on other pages.</summary>
    public IReadOnlyList<RefundClaimModel> Refunds { get; init; } = [];

    /// <summary>What has the link to those mailed; null where nothing does.</summary>
    public RefundLinkModel? RefundLink { get; init; }

    /// <summary>What keeps it up to date; null where nothing changes any more, or without the secret.</summary>
    public CheckoutLiveModel? Live { get; init; }

    /// <summary>What the page is in a shop's page; null where it stands by itself.</summary>
    public CheckoutFrameModel? Frame { get; init; }

    /// <summary>The same page in each language.</summary>
    public IReadOnlyList<(CheckoutTexts Texts, string Url)> Languages { get; init; } = [];
}

/// <summary>What is to be paid.</summary>
/// <param name="Asset">In what.</param>
/// <param name="Amount">How much.</param>
/// <param name="Uri">As a request that wallets understand.</param>
/// <param name="QrUrl">The same as an image.</param>
/// <param name="Choices">In what else it can be paid: the asset, its page, and whether it is this one.</param>
/// <param name="Fields">What is copied into wallets: an id for the page, its name and what it is.</param>
/// <param name="PayBy">Until when, for people.</param>
/// <param name="Own">The address that needs no memo; null where none is offered.</param>
/// <param name="WalletUrl">Where it is paid from a wallet here.</param>
public sealed record CheckoutPayModel(
    string Asset, string Amount, string Uri, string QrUrl, IReadOnlyList<(string Asset, string Url, bool IsThis)> Choices,
    IReadOnlyList<(string Id, string Name, string Value)> Fields, string PayBy, OwnAddressModel? Own = null,
    string WalletUrl = "");

/// <summary>An address that needs no memo.</summary>
/// <param name="Url">Where it is asked for.</param>
/// <param name="Key">With the secret.</param>
/// <param name="Text">What is to be known of it.</param>
/// <param name="IsAsked">Whether it can be asked for.</param>
/// <param name="Address">The address; null before it can be paid.</param>
/// <param name="Embed">The key by which the page is in a frame, or null.</param>
public sealed record OwnAddressModel(string Url, string Key, string Text, bool IsAsked, string? Address, string? Embed = null);

/// <summary>The form of a payment link.</summary>
/// <param name="Url">Where it goes.</param>
/// <param name="IsAsked">Whether the payer says how much.</param>
/// <param name="Currency">In what.</param>
/// <param name="Amount">What is proposed, or was entered; null for nothing.</param>
/// <param name="Bounds">Within which bounds; null without any.</param>
public sealed record LinkFormModel(string Url, bool IsAsked, string Currency, string? Amount, string? Bounds);

/// <summary>What keeps the page up to date.</summary>
/// <param name="PollUrl">What it asks.</param>
/// <param name="StreamUrl">What it listens to.</param>
/// <param name="ViewedUrl">What it tells that it is seen.</param>
/// <param name="Key">With the secret.</param>
/// <param name="Now">The moment, for scripts.</param>
/// <param name="PayBy">Until when the countdown goes, for scripts.</param>
/// <param name="ExpiresAt">When it is to be looked at again, for scripts.</param>
public sealed record CheckoutLiveModel(
    string PollUrl, string StreamUrl, string ViewedUrl, string Key, string Now, string PayBy, string ExpiresAt);

/// <summary>A page in a frame of a shop's page, which is told how it stands.</summary>
/// <param name="Key">The key that says which pages those are.</param>
/// <param name="Origins">Their origins, with spaces between them.</param>
/// <param name="Session">The session; null before there is one.</param>
public sealed record CheckoutFrameModel(string Key, string Origins, string? Session);

/// <summary>Where the page's files are.</summary>
/// <param name="Style">The style.</param>
/// <param name="Script">The script.</param>
/// <param name="Frame">The script of a page in a frame.</param>
/// <param name="Icon">The icon, without which browsers ask for one of their own accord.</param>
public sealed record CheckoutPageAssets(string Style, string Script, string Frame, string Icon);
