using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace FollowUp.Infrastructure.Persistence;

internal sealed class OwnerIdConverter() : ValueConverter<OwnerId, Guid>(id => id.Value, value => new(value));

internal sealed class SequenceIdConverter() : ValueConverter<SequenceId, Guid>(id => id.Value, value => new(value));

internal sealed class SequenceVersionIdConverter() : ValueConverter<SequenceVersionId, Guid>(id => id.Value, value => new(value));

internal sealed class MigrationIdConverter() : ValueConverter<MigrationId, Guid>(id => id.Value, value => new(value));

internal sealed class OperationIdConverter() : ValueConverter<OperationId, Guid>(id => id.Value, value => new(value));

internal sealed class CalendarIdConverter() : ValueConverter<CalendarId, Guid>(id => id.Value, value => new(value));

internal sealed class InstanceIdConverter() : ValueConverter<InstanceId, Guid>(id => id.Value, value => new(value));

internal sealed class AttemptIdConverter() : ValueConverter<AttemptId, Guid>(id => id.Value, value => new(value));

internal sealed class StepIndexConverter() : ValueConverter<StepIndex, int>(index => index.Value, value => new(value));

internal sealed class EmailAddressConverter()
    : ValueConverter<EmailAddress, string>(email => email.Value, text => EmailAddress.FromStore(text));

internal sealed class PhoneNumberConverter()
    : ValueConverter<PhoneNumber, string>(phone => phone.Value, text => PhoneNumber.FromStore(text));
