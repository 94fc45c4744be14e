// For each command: which flags and arguments it takes, and how they become its options. The flags of every
// command that talks to an agent are added by options.cpp.
#pragma once

#include "gossip/error.h"

#include "cli/flag_set.h"
#include "cli/options.h"

namespace gossip::cli {

void declare(FlagSet& set, const JoinOptions&);
void declare(FlagSet& set, const LeaveOptions&);
void declare(FlagSet& set, const ForceLeaveOptions&);
void declare(FlagSet& set, const MembersOptions&);
void declare(FlagSet& set, const TagsOptions&);
void declare(FlagSet& set, const InfoOptions&);
void declare(FlagSet& set, const MonitorOptions&);
void declare(FlagSet& set, const WaitOptions&);
void declare(FlagSet& set, const EventOptions&);
void declare(FlagSet& set, const QueryOptions&);
void declare(FlagSet& set, const ReachabilityOptions&);
void declare(FlagSet& set, const ReloadOptions&);
void declare(FlagSet& set, const RttOptions&);
void declare(FlagSet& set, const StatsOptions&);
void declare(FlagSet& set, const DoctorOptions&);
void declare(FlagSet& set, const TopOptions&);
void declare(FlagSet& set, const KeysOptions&);
void declare(FlagSet& set, const CompleteOptions&);
void declare(FlagSet& set, const KeygenOptions&);
void declare(FlagSet& set, const VersionOptions&);

// InvalidArgument: a value that makes no sense, in one line.
Expected<void> read(const FlagSet& set, JoinOptions& options);
Expected<void> read(const FlagSet& set, LeaveOptions& options);
Expected<void> read(const FlagSet& set, ForceLeaveOptions& options);
Expected<void> read(const FlagSet& set, MembersOptions& options);
Expected<void> read(const FlagSet& set, TagsOptions& options);
Expected<void> read(const FlagSet& set, InfoOptions& options);
Expected<void> read(const FlagSet& set, MonitorOptions& options);
Expected<void> read(const FlagSet& set, WaitOptions& options);
Expected<void> read(const FlagSet& set, EventOptions& options);
Expected<void> read(const FlagSet& set, QueryOptions& options);
Expected<void> read(const FlagSet& set, ReachabilityOptions& options);
Expected<void> read(const FlagSet& set, ReloadOptions& options);
Expected<void> read(const FlagSet& set, RttOptions& options);
Expected<void> read(const FlagSet& set, StatsOptions& options);
Expected<void> read(const FlagSet& set, DoctorOptions& options);
Expected<void> read(const FlagSet& set, TopOptions& options);
Expected<void> read(const FlagSet& set, KeysOptions& options);
Expected<void> read(const FlagSet& set, CompleteOptions& options);
Expected<void> read(const FlagSet& set, KeygenOptions& options);
Expected<void> read(const FlagSet& set, VersionOptions& options);

}  // namespace gossip::cli
