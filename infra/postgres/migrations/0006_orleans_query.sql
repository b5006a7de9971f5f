-- The table from which Orleans' ADO.NET providers take their queries.
-- Parameter and result column names are Orleans' own (10.4, invariant Npgsql).
CREATE TABLE OrleansQuery (
    QueryKey  text NOT NULL,
    QueryText text NOT NULL,
    -- The providers read all rows, or those of the keys they need.
    CONSTRAINT orleansquery_pkey PRIMARY KEY (QueryKey)
);

-- Grain storage. A string key arrives whole in GrainIdExtensionString, with both number parts 0. If Orleans took it
-- for a GUID or a number, the key becomes null here and the write is refused.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('WriteToStorageKey', $q$
SELECT grain_state_write(@ServiceId, @GrainTypeString,
    CASE WHEN @GrainIdN0 = 0 AND @GrainIdN1 = 0 THEN @GrainIdExtensionString END,
    @GrainStateVersion, @PayloadBinary) AS NewGrainStateVersion
$q$),
('ReadFromStorageKey', $q$
SELECT payload AS PayloadBinary, version AS Version
FROM grain_state_read(@ServiceId, @GrainTypeString,
    CASE WHEN @GrainIdN0 = 0 AND @GrainIdN1 = 0 THEN @GrainIdExtensionString END)
$q$),
('ClearStorageKey', $q$
SELECT grain_state_clear(@ServiceId, @GrainTypeString,
    CASE WHEN @GrainIdN0 = 0 AND @GrainIdN1 = 0 THEN @GrainIdExtensionString END,
    @GrainStateVersion) AS NewGrainStateVersion
$q$),
('DeleteStorageKey', $q$
SELECT grain_state_delete(@ServiceId, @GrainTypeString,
    CASE WHEN @GrainIdN0 = 0 AND @GrainIdN1 = 0 THEN @GrainIdExtensionString END,
    @GrainStateVersion) AS NewGrainStateVersion
$q$);

-- Reminders.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('UpsertReminderRowKey', $q$
SELECT reminder_upsert(@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash) AS Version
$q$),
('ReadReminderRowsKey', $q$
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period_ms AS Period,
       version AS Version
FROM reminders_of_grain(@ServiceId, @GrainId)
$q$),
('ReadReminderRowKey', $q$
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period_ms AS Period,
       version AS Version
FROM reminders_of_grain(@ServiceId, @GrainId, @ReminderName)
$q$),
('ReadRangeRows1Key', $q$
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period_ms AS Period,
       version AS Version
FROM reminders_in_range(@ServiceId, @BeginHash, @EndHash)
$q$),
('ReadRangeRows2Key', $q$
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period_ms AS Period,
       version AS Version
FROM reminders_in_wrapped_range(@ServiceId, @BeginHash, @EndHash)
$q$),
('DeleteReminderRowKey', $q$
SELECT reminder_delete(@ServiceId, @GrainId, @ReminderName, @Version) AS Result
$q$),
('DeleteReminderRowsKey', $q$
SELECT reminders_delete_all(@ServiceId)
$q$);

-- Clustering.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('InsertMembershipVersionKey', $q$
SELECT membership_create(@DeploymentId) AS Result
$q$),
('InsertMembershipKey', $q$
SELECT membership_insert(@DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort,
    @StartTime, @IAmAliveTime, @Version) AS Result
$q$),
('UpdateMembershipKey', $q$
SELECT membership_update(@DeploymentId, @Address, @Port, @Generation, @Status, @SuspectTimes, @IAmAliveTime,
    @Version) AS Result
$q$),
('UpdateIAmAlivetimeKey', $q$
SELECT membership_alive(@DeploymentId, @Address, @Port, @Generation, @IAmAliveTime)
$q$),
('MembershipReadRowKey', $q$
SELECT address AS Address, port AS Port, generation AS Generation, silo_name AS SiloName, host_name AS HostName,
       status AS Status, proxy_port AS ProxyPort, suspect_times AS SuspectTimes, start_time AS StartTime,
       i_am_alive_time AS IAmAliveTime, version AS Version
FROM membership_read(@DeploymentId, @Address, @Port, @Generation)
$q$),
('MembershipReadAllKey', $q$
SELECT address AS Address, port AS Port, generation AS Generation, silo_name AS SiloName, host_name AS HostName,
       status AS Status, proxy_port AS ProxyPort, suspect_times AS SuspectTimes, start_time AS StartTime,
       i_am_alive_time AS IAmAliveTime, version AS Version
FROM membership_read(@DeploymentId)
$q$),
('GatewaysQueryKey', $q$
SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation
FROM membership_gateways(@DeploymentId, @Status)
$q$),
('DeleteMembershipTableEntriesKey', $q$
SELECT membership_delete_all(@DeploymentId)
$q$),
('CleanupDefunctSiloEntriesKey', $q$
SELECT membership_delete_silent(@DeploymentId, @IAmAliveTime)
$q$),
('CleanupDefunctSiloEntryKey', $q$
SELECT membership_delete_dead(@DeploymentId, @Address, @Port, @Generation, @SuspectTimes, @StartTime, @IAmAliveTime)
$q$);
