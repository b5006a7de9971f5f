namespace StellarPay.Frontdoor.Auth;

/// <summary>Someone new. At least one of e-mail and phone.</summary>
/// <param name="Email">An e-mail address, also an internationalised one; its domain is kept as xn--….</param>
/// <param name="Phone">A phone number with its country code, such as +442079460958; kept in E.164.</param>
/// <param name="Password">10 to 256 characters.</param>
/// <param name="FullName">What he is called, 1 to 100 characters, or null.</param>
/// <param name="Language">A language tag (BCP 47) such as <c>de</c>, or null; messages come in it where there are texts.</param>
/// <param name="TimeZone">An IANA time zone such as <c>Europe/Paris</c>, or null.</param>
internal sealed record SignUpRequest(
    string? Email, string? Phone, string? Password, string? FullName = null, string? Language = null, string? TimeZone = null);

/// <summary>Someone who is known. One of e-mail and phone.</summary>
/// <param name="Email">The e-mail address.</param>
/// <param name="Phone">The phone number with its country code, however it is written.</param>
/// <param name="Password">The password.</param>
internal sealed record LoginRequest(string? Email, string? Phone, string? Password);

/// <summary>An exchange of a refresh token for new tokens.</summary>
/// <param name="RefreshToken">The last refresh token of the session.</param>
internal sealed record RefreshRequest(string? RefreshToken);

/// <summary>The end of a session: that of the refresh token, or without one that of the access token.</summary>
/// <param name="RefreshToken">A refresh token of the session, or null.</param>
internal sealed record LogoutRequest(string? RefreshToken);
