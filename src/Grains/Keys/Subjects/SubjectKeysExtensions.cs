using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace StellarPay.Grains.Keys.Subjects;

/// <summary>Registers what encrypts fields under keys of their subjects.</summary>
public static class SubjectKeysExtensions
{
    /// <summary>
    /// Adds <see cref="ISubjectKeys"/>. The host adds <see cref="ISubjectKeyStore"/>, <see cref="Audit.IAuditLog"/> and the keeper under
    /// <see cref="ISubjectKeys.Keeper"/>.
    /// </summary>
    public static IServiceCollection AddStellarPaySubjectKeys(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<KeyOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<ISubjectKeys, SubjectKeys>();
        return services;
    }
}
