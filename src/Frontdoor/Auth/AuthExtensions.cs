using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Auth.Passkeys;
using StellarPay.Frontdoor.Auth.Passwords;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Keys;

namespace StellarPay.Frontdoor.Auth;

/// <summary>Who may come in.</summary>
internal static class AuthExtensions
{
    public static IServiceCollection AddStellarPayAuth(this IServiceCollection services, bool development)
    {
        services.AddOptions<AuthOptions>().BindConfiguration(AuthOptions.Section).ValidateDataAnnotations()
            .Validate(
                auth => development || auth.PasswordIterations >= AuthOptions.FewestPasswordIterations,
                $"StellarPay:Auth:PasswordIterations must be at least {AuthOptions.FewestPasswordIterations} outside development.")
            .ValidateOnStart();
        services.AddUsers(development);
        services.AddSingleton(provider => new SigningKeyCipher(
            TokenSecret.Read(provider.GetRequiredService<IOptions<StellarPaySettings>>().Value, development)));
        services.AddNames(development);
        services.AddHostedService<SubjectKeyRotation>();
        services.AddSecondFactors(development);
        services.AddPasskeys(development);
        services.AddSingleton<SigningKeyStore>();
        services.AddSingleton<SigningKeyRing>();
        services.AddHostedService<SigningKeysAtStart>();
        services.AddSingleton<AccessTokenIssuer>();
        services.AddSingleton<VerifiedTokens>();
        services.AddSingleton<AccessTokenHandler>();
        services.AddSingleton(provider => new DeviceMarks(
            TokenSecret.Read(provider.GetRequiredService<IOptions<StellarPaySettings>>().Value, development)));
        services.AddSingleton<SessionStore>();
        services.AddSingleton<SessionBook>();
        services.AddSingleton<SessionLookup>();
        services.AddSingleton<SessionEnds>();
        services.AddSingleton<EndedSessions>();
        services.AddHostedService<SessionWatch>();
        services.AddHostedService<SpentSessions>();
        services.AddScoped<Login>();
        services.AddScoped<PasswordLogin>();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<AccessTokenHandler>((bearer, tokens) =>
        {
            bearer.TokenHandlers.Clear();
            bearer.TokenHandlers.Add(tokens);
            bearer.SaveToken = false;
            bearer.Events = new BearerEvents();
        });
        return services;
    }

    private static void AddUsers(this IServiceCollection services, bool development)
    {
        // A name that is taken is no fault of ours, and anybody can cause it. What is one is logged where it is answered.
        services.AddDbContext<IdentityDb>((provider, database) => database
            .UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>())
            .ConfigureWarnings(events => events.Ignore(RelationalEventId.CommandError, CoreEventId.SaveChangesFailed)));

        // Ours before Identity's own, which are added only where there is none.
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.AddOptions<PasswordHasherOptions>().Configure<IOptions<AuthOptions>>(
            (hasher, auth) => hasher.IterationCount = auth.Value.PasswordIterations);
        services.AddScoped<IUserValidator<User>, UserReachable>();
        services.AddIdentityCore<User>(identity =>
        {
            identity.Password = new PasswordOptions
            {
                RequiredLength = PasswordRules.MinLength,
                RequireDigit = false,
                RequireLowercase = false,
                RequireUppercase = false,
                RequireNonAlphanumeric = false,
            };
        }).AddEntityFrameworkStores<IdentityDb>();
        services.AddOptions<IdentityOptions>().Configure<IOptions<AuthOptions>>((identity, auth) =>
        {
            identity.Lockout.MaxFailedAccessAttempts = auth.Value.MaxFailedAttempts;
            identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(auth.Value.LockoutMinutes);
        });
        services.AddOptions<PasswordQueueOptions>()
            .BindConfiguration(PasswordQueueOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PasswordQueue>();
        services.AddSingleton<AbsentUser>();
        services.AddScoped<UserDirectory>();
        services.AddSingleton<ConfirmedContacts>();
        services.AddSingleton<PasswordAttempts>();
        services.AddSingleton<LoginAttempts>();
        services.AddSingleton<LoginDevices>();
        services.AddSingleton<LoginRation>();
        services.AddScoped<PasswordCheck>();
        services.AddScoped<SignUp>();
        services.AddHostedService<UnconfirmedUsers>();
        services.AddHostedService<StrayKeys>();
        services.AddSingleton(provider => OneTimeCodes.Of(provider, development));
        services.AddSingleton<ContactCodes>();
        services.AddSingleton<PasswordResets>();
        services.AddScoped<PasswordReset>();
    }
}
