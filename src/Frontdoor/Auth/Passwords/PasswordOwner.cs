namespace StellarPay.Frontdoor.Auth.Passwords;

/// <summary>Whose a turn is: of strangers a range of addresses and within it a network, else a user twice.</summary>
/// <param name="Line">In whose line he waits: an IPv4 /24 or an IPv6 /40.</param>
/// <param name="Part">Who he is in that line: of IPv6 a /48. A carrier's /40 has very many customers.</param>
internal readonly record struct PasswordOwner(string Line, string Part);
